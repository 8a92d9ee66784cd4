package io.millrace.consume;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.fetch.Fetched;
import io.millrace.fetch.TakeRate;
import io.millrace.security.Caller;
import io.millrace.security.Quotas;
import io.millrace.security.Quotas.Kind;

/**
 * A caller's quota of consumed bytes. Streams and long polls of members wait until something of it is left, so their
 * clients feel a slow hub and nothing else; reads of a partition are refused.
 */
record ConsumeQuota(Quotas quotas, Caller caller) implements TakeRate {

    @Override
    public long nanosToWait() {
        return quotas.nanosToWait(caller, Kind.CONSUMED_BYTES);
    }

    @Override
    public void took(Fetched records) {
        if (quotas.limit(caller, Kind.CONSUMED_BYTES)) {
            quotas.charge(caller, Kind.CONSUMED_BYTES, records.byteSize());
        }
    }

    /** @throws HubException {@link HubError#QUOTA_EXCEEDED} if nothing is left */
    void check() {
        quotas.take(caller, Kind.CONSUMED_BYTES, 1);
    }
}
