package io.millrace.security;

/**
 * An operation on a resource that a caller asks for. Operations and resources are Kafka's, but for two parts of
 * reading. {@link Access} knows which operations include others, as reading includes describing: a use case asks for a
 * single one.
 *
 * @param name the resource's name; in a group's subscription it may be a pattern, for all topics that match it
 */
public record Permission(Operation operation, Resource resource, String name) {

    public enum Operation {
        READ,
        WRITE,
        CREATE,
        DELETE,
        ALTER,
        DESCRIBE,
        /** Committing a group's offsets as its member. In Kafka it is part of {@link #READ}. */
        COMMIT,
        /** Moving a group to other offsets. In Kafka it is part of {@link #READ}. */
        RESET
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
