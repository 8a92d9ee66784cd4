package io.millrace.access;

import io.millrace.security.Permission.Resource;
import java.time.Instant;
import java.util.Locale;

/**
 * A rule of access, in Kafka's model.
 *
 * @param rule what it says
 * @param createdBy the principal that created it
 */
public record Acl(long id, Rule rule, String createdBy, Instant createdAt) {

    /**
     * What a rule says.
     *
     * @param principal whom it is about
     * @param resourceName a name, with {@link Pattern#PREFIXED} how names begin, or {@code *} for all
     */
    public record Rule(
            String principal,
            Effect permission,
            RuleOperation operation,
            Resource resourceType,
            Pattern patternType,
            String resourceName) {}

    public enum Effect {
        ALLOW,
        DENY
    }

    /** The operations of {@link io.millrace.security.Permission}, and one for all of them. */
    public enum RuleOperation {
        ALL,
        READ,
        WRITE,
        CREATE,
        ALTER,
        DELETE,
        DESCRIBE,
        COMMIT,
        RESET
    }

    public enum Pattern {
        LITERAL,
        PREFIXED
    }

    /** As the table and the API write it. */
    public static String code(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
