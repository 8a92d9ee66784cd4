package io.millrace.security;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import java.util.Collection;
import java.util.function.Supplier;

/**
 * Whether a caller may still have what it follows. A stream is checked when it begins, and again when rules have
 * changed or its caller's credential no longer holds: both end streams that are open. Used on the stream's thread,
 * except for {@link #mayHaveChanged}.
 */
public final class StreamRights {

    private final Access access;
    private final Caller caller;
    private final Supplier<? extends Collection<Permission>> needed;
    private volatile long checked;

    /** @param needed what the stream needs now */
    public StreamRights(Access access, Caller caller, Supplier<? extends Collection<Permission>> needed) {
        this.access = access;
        this.caller = caller;
        this.needed = needed;
        this.checked = access.version();
    }

    /** Whether {@link #check} might refuse. Any thread; does not block. */
    public boolean mayHaveChanged() {
        return checked != access.version() || !caller.isKnown();
    }

    /**
     * To be called before anything is delivered. Does not block.
     *
     * @throws HubException {@link HubError#FORBIDDEN} if the caller may no longer have all that the stream needs,
     *     {@link HubError#UNAUTHENTICATED} if its credential no longer holds
     */
    public void check() {
        if (!caller.isKnown()) {
            throw new HubException(HubError.UNAUTHENTICATED, "the credentials have expired or were revoked");
        }
        if (mayHaveChanged()) {
            long version = access.version();
            needed.get().forEach(permission -> access.check(caller, permission));
            checked = version;
        }
    }
}
