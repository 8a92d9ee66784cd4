package io.millrace.security;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import java.util.List;
import java.util.Locale;

/**
 * How much callers may do in a second. A quota is a bucket that holds a second's worth: what has been saved up may be
 * used at once, and what was taken in excess is paid back by waiting. Never blocks; safe for any thread.
 */
public interface Quotas {

    /** Nobody has a quota. */
    Quotas NONE = new Quotas() {
        @Override
        public boolean limit(Caller caller, Kind kind) {
            return false;
        }

        @Override
        public void take(Caller caller, Kind kind, long amount) {}

        @Override
        public void charge(Caller caller, Kind kind, long amount) {}

        @Override
        public long nanosToWait(Caller caller, Kind kind) {
            return 0;
        }

        @Override
        public List<Level> levels(Caller caller) {
            return List.of();
        }
    };

    /** What is counted. */
    enum Kind {
        /** HTTP requests, and frames of a WebSocket but those that only permit records. */
        REQUESTS,
        /** Connections, when the caller is first known on them. */
        CONNECTIONS,
        /** Bytes of keys, values and headers that are to be stored. */
        PRODUCED_BYTES,
        /** Bytes of keys, values and headers that are delivered. */
        CONSUMED_BYTES;

        /** As fields, columns and metrics name it, such as {@code produced_bytes}. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How much of a quota is left.
     *
     * @param perSecond the quota
     * @param left at least 0
     * @param nanosToFull until all of it can be used at once
     */
    record Level(Kind kind, long perSecond, long left, long nanosToFull) {}

    /** Whether a caller has a quota of a kind: without one, there is nothing to count. */
    boolean limit(Caller caller, Kind kind);

    /**
     * Takes from a quota of which anything is left, be it less than the amount: a request may be larger than what may
     * be sent in a second.
     *
     * @param amount at least 1
     * @throws HubException {@link HubError#QUOTA_EXCEEDED} if nothing is left, with the time until something is; then
     *     nothing was taken
     */
    void take(Caller caller, Kind kind, long amount);

    /** Takes from a quota whatever is left: it was used already. */
    void charge(Caller caller, Kind kind, long amount);

    /** How long nothing of a quota will be left; 0 if something is. */
    long nanosToWait(Caller caller, Kind kind);

    /** The quotas that a caller has, in the order of their kinds. */
    List<Level> levels(Caller caller);
}
