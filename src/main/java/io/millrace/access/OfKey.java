package io.millrace.access;

import io.millrace.access.AccessState.StoredKey;
import io.millrace.security.Caller;
import java.time.Clock;

/** An API key as a credential: it holds while this node's copy of the keys has it. */
record OfKey(String keyId, AccessCatalogue catalogue, Clock clock) implements Caller.Credential {

    @Override
    public boolean holds() {
        return clock.millis() < until();
    }

    @Override
    public long until() {
        AccessState now = catalogue.known();
        StoredKey stored = now == null ? null : now.keys().get(keyId);
        return stored == null ? 0 : stored.expiresAt();
    }
}
