package io.millrace.produce;

import io.millrace.event.Acks;

/**
 * The conditions of a produce request.
 *
 * @param acks what must have happened before the request is answered
 */
public record Terms(Acks acks) {

    /** Terms of a request that sets none. */
    public static final Terms DEFAULT = new Terms(Acks.LEADER);
}
