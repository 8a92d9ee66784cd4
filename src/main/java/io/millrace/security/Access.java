package io.millrace.security;

import io.millrace.event.HubError;
import io.millrace.event.HubException;

/**
 * Decides what callers may do. The use cases ask, so that no protocol can forget to, and before they look a resource
 * up: one that the caller may not touch and one that does not exist are answered alike. Safe for any thread.
 */
@FunctionalInterface
public interface Access {

    /**
     * Returns if the caller may do that, and must not block.
     *
     * @throws HubException {@link HubError#FORBIDDEN} if the caller may not, {@link HubError#UNAUTHENTICATED} if its
     *     credential no longer holds
     */
    void check(Caller caller, Permission permission);

    /** Changes whenever a decision may be another than before. Never blocks. */
    default long version() {
        return 0;
    }

    /** Whether the caller may do that, for lists that leave out what the caller may not see. */
    default boolean allows(Caller caller, Permission permission) {
        try {
            check(caller, permission);
            return true;
        } catch (HubException refusal) {
            return false;
        }
    }
}
