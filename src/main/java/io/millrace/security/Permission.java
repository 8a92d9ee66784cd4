package io.millrace.security;

/**
 * What a caller wants to do with what. Operations and resources are Kafka's. That one operation includes another, as
 * reading includes describing, is for {@link Access} to know: a use case asks for one alone.
 *
 * @param name of the resource; in a group's subscription it may be a pattern, for all topics that the pattern matches
 */
public record Permission(Operation operation, Resource resource, String name) {

    public enum Operation {
        READ,
        WRITE,
        CREATE,
        DELETE,
        ALTER,
        DESCRIBE
    }

    public enum Resource {
        TOPIC,
        GROUP,
        /** There is one, the hubs on a database; its name is {@link #CLUSTER}. */
        CLUSTER
    }

    /** The name of the only resource of its kind; Kafka's is {@code kafka-cluster}. */
    public static final String CLUSTER = "millrace-cluster";

    public static Permission topic(Operation operation, String name) {
        return new Permission(operation, Resource.TOPIC, name);
    }

    public static Permission group(Operation operation, String name) {
        return new Permission(operation, Resource.GROUP, name);
    }

    public static Permission cluster(Operation operation) {
        return new Permission(operation, Resource.CLUSTER, CLUSTER);
    }
}
