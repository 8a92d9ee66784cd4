package io.millrace.security;

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
     * @throws HubException if the caller may not
     */
    void check(Caller caller, Permission permission);

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
