package io.millrace.security;

/** Decides what callers may do. Asked by the use cases, so that no protocol can forget it. Safe for any thread. */
@FunctionalInterface
public interface Access {

    /**
     * Returns if the caller may do that, and must not block.
     *
     * @param resource the name of the topic or group that the permission is about
     * @throws io.millrace.event.HubException if the caller may not
     */
    void check(Caller caller, Permission permission, String resource);
}
