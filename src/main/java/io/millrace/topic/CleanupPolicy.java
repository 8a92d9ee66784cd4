package io.millrace.topic;

import java.util.Arrays;
import java.util.Optional;

/** What happens to old records. The names and meanings are Kafka's. */
public enum CleanupPolicy {
    /** Records are removed when they exceed the retention's age or size. */
    DELETE("delete"),
    /** The last record of each key is kept. */
    COMPACT("compact"),
    /** The last record of each key is kept until it exceeds the retention. */
    COMPACT_DELETE("compact,delete");

    private final String text;

    CleanupPolicy(String text) {
        this.text = text;
    }

    /** The policy as it is written in configurations and in the database. */
    public String text() {
        return text;
    }

    /** Whether records go when they exceed the retention. */
    public boolean deletes() {
        return this != COMPACT;
    }

    /** Whether all but the last record of each key go. */
    public boolean compacts() {
        return this != DELETE;
    }

    /** The policy of that text, if there is one. */
    public static Optional<CleanupPolicy> of(String text) {
        return Arrays.stream(values())
                .filter(policy -> policy.text.equals(text))
                .findFirst();
    }
}
