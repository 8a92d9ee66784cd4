package io.millrace.topic;

import io.millrace.event.Place;
import io.millrace.event.Violation;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The settings of a topic: their names, their allowed values, and how a configuration is changed by one. */
public enum ConfigKey {
    RETENTION_MS("an integer: -1 for ever, or 1 to " + Limits.LARGEST) {
        @Override
        TopicConfig set(TopicConfig config, Object value) {
            return config.withRetentionMs((long) value);
        }

        @Override
        boolean allows(Object value) {
            return value instanceof Long ms && (ms == TopicConfig.UNLIMITED || within(ms, 1, Limits.LARGEST));
        }
    },
    RETENTION_BYTES("an integer: -1 for no limit, or 1 to " + Limits.LARGEST) {
        @Override
        TopicConfig set(TopicConfig config, Object value) {
            return config.withRetentionBytes((long) value);
        }

        @Override
        boolean allows(Object value) {
            return value instanceof Long bytes && (bytes == TopicConfig.UNLIMITED || within(bytes, 1, Limits.LARGEST));
        }
    },
    CLEANUP_POLICY("one of \"delete\", \"compact\" and \"compact,delete\"") {
        @Override
        TopicConfig set(TopicConfig config, Object value) {
            return config.withCleanupPolicy(CleanupPolicy.of((String) value).orElseThrow());
        }

        @Override
        boolean allows(Object value) {
            return value instanceof String text && CleanupPolicy.of(text).isPresent();
        }
    },
    MAX_RECORD_BYTES("an integer from 1 to " + TopicConfig.LARGEST_RECORD_BYTES) {
        @Override
        TopicConfig set(TopicConfig config, Object value) {
            return config.withMaxRecordBytes(Math.toIntExact((long) value));
        }

        @Override
        boolean allows(Object value) {
            return value instanceof Long bytes && within(bytes, 1, TopicConfig.LARGEST_RECORD_BYTES);
        }
    },
    MIN_INSYNC_REPLICAS("an integer from 1 to " + TopicConfig.MOST_INSYNC_REPLICAS) {
        @Override
        TopicConfig set(TopicConfig config, Object value) {
            return config.withMinInsyncReplicas(Math.toIntExact((long) value));
        }

        @Override
        boolean allows(Object value) {
            return value instanceof Long replicas && within(replicas, 1, TopicConfig.MOST_INSYNC_REPLICAS);
        }
    },
    DELETE_RETENTION_MS("an integer from 0 to " + Limits.LARGEST) {
        @Override
        TopicConfig set(TopicConfig config, Object value) {
            return config.withDeleteRetentionMs((long) value);
        }

        @Override
        boolean allows(Object value) {
            return value instanceof Long ms && within(ms, 0, Limits.LARGEST);
        }
    },
    MIN_COMPACTION_LAG_MS("an integer from 0 to " + Limits.LARGEST) {
        @Override
        TopicConfig set(TopicConfig config, Object value) {
            return config.withMinCompactionLagMs((long) value);
        }

        @Override
        boolean allows(Object value) {
            return value instanceof Long ms && within(ms, 0, Limits.LARGEST);
        }
    };

    private static final class Limits {
        /** 2^53 - 1: every JSON parser reads it exactly, and adding it to a time or a size cannot overflow. */
        static final long LARGEST = 9_007_199_254_740_991L;
    }

    private final String allowed;

    ConfigKey(String allowed) {
        this.allowed = allowed;
    }

    /** The name in configurations, such as {@code retention_ms}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The allowed values, for people. */
    public String allowed() {
        return allowed;
    }

    /** The setting of this name, if there is one. */
    public static Optional<ConfigKey> of(String text) {
        return Arrays.stream(values()).filter(key -> key.text().equals(text)).findFirst();
    }

    /** The violation for a value that is not allowed. */
    Violation violation(Place place) {
        return new Violation(place, "invalid_config", text() + " must be " + allowed);
    }

    /** The configuration with this setting replaced by a value that is {@link #allows allowed}. */
    abstract TopicConfig set(TopicConfig config, Object value);

    /** Whether the value is allowed, which is a {@code Long} or a {@code String}; other types are not. */
    abstract boolean allows(Object value);

    private static boolean within(long value, long smallest, long largest) {
        return value >= smallest && value <= largest;
    }
}
