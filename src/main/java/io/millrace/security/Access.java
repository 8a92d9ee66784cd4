package io.millrace.security;

import io.millrace.event.HubException;

/**
 * Decides what callers may do. Asked by the use cases, so that no protocol can forget it, and before they look whether
 * there is such a thing: what a caller may not touch and what is not there are answered alike. Safe for any thread.
 */
@FunctionalInterface
public interface Access {

    /**
     * Returns if the caller may do that, and must not block.
     *
     * @throws HubException if the caller may not
     */
    void check(Caller caller, Permission permission);

    /** Whether the caller may do that, for lists that leave out what may not be seen. */
    default boolean allows(Caller caller, Permission permission) {
        try {
            check(caller, permission);
            return true;
        } catch (HubException refusal) {
            return false;
        }
    }
}
