package io.millrace.security;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The principal that makes a request.
 *
 * @param name the principal's name, as audit lines and access rules know it, such as {@code User:alice}
 * @param groups the principals that it belongs to, such as {@code Group:analysts}
 * @param credential by what it has been recognised, and whether that still holds
 */
public record Caller(String name, Set<String> groups, Credential credential) {

    /** The caller of requests without credentials; Kafka's name. */
    public static final Caller ANYONE = new Caller("User:ANONYMOUS", Set.of(), Credential.NONE);

    public Caller {
        groups = Set.copyOf(groups);
    }

    /** What a caller was recognised by. Streams outlive the moment in which it was presented, so they ask again. */
    public interface Credential {

        /** Of a caller that presented nothing, and need not. */
        Credential NONE = () -> true;

        /** Whether it would still be accepted: it has neither expired nor been revoked. Never blocks. */
        boolean holds();

        /** When it expires at the latest, in milliseconds since the epoch. */
        default long until() {
            return Long.MAX_VALUE;
        }

        /** The id of the API key that it is; null for any other. */
        default @Nullable String keyId() {
            return null;
        }
    }

    /** Whether the caller's credential would still be accepted. Never blocks. */
    public boolean isKnown() {
        return credential.holds();
    }
}
