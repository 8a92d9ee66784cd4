package io.millrace.bench.format;

import io.millrace.bench.run.BenchException;

/**
 * The {@code ref}s that identify requests on a WebSocket: numbers with a fixed number of digits, which answers repeat.
 */
public final class Refs {

    static final int DIGITS = 6;

    /** The number of different refs. */
    public static final int COUNT = 1_000_000;

    /** The first ref, a placeholder in a request that is overwritten. */
    static final String FIRST = "0".repeat(DIGITS);

    private Refs() {}

    static int parse(String ref) {
        if (ref.length() != DIGITS || !ref.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            throw new BenchException("the hub answered a request that was not sent");
        }
        return Integer.parseInt(ref);
    }
}
