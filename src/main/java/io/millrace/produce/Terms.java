package io.millrace.produce;

import io.millrace.event.Acks;

/**
 * What a request asks of its records beside storing them.
 *
 * @param acks what must have happened before it is answered
 */
public record Terms(Acks acks) {

    /** Of a request that asks for nothing. */
    public static final Terms DEFAULT = new Terms(Acks.LEADER);
}
