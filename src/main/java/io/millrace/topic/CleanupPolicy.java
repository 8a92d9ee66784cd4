package io.millrace.topic;

import java.util.Arrays;
import java.util.Optional;

/** What becomes of old records. The names and meanings are Kafka's. */
public enum CleanupPolicy {
    /** Records go when they are older or more than the retention allows. */
    DELETE("delete"),
    /** The last record of each key stays. */
    COMPACT("compact"),
    /** The last record of each key stays until retention removes it. */
    COMPACT_DELETE("compact,delete");

    private final String text;

    CleanupPolicy(String text) {
        this.text = text;
    }

    /** The policy as it is written in configurations and in the database. */
    public String text() {
        return text;
    }

    /** The policy of that text, if there is one. */
    public static Optional<CleanupPolicy> of(String text) {
        return Arrays.stream(values())
                .filter(policy -> policy.text.equals(text))
                .findFirst();
    }
}
