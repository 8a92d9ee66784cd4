package io.millrace.access;

import io.millrace.security.Caller;
import java.time.Clock;

/**
 * A credential that holds until it expires.
 *
 * @param until in milliseconds since the epoch
 */
record Expiring(long until, Clock clock) implements Caller.Credential {

    @Override
    public boolean holds() {
        return clock.millis() < until;
    }
}
