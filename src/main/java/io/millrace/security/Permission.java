package io.millrace.security;

/** What a caller wants to do with a resource. The names follow Kafka's operations on its resources. */
public enum Permission {
    /** Produce to the topic. */
    WRITE_TOPIC
}
