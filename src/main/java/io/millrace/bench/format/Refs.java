package io.millrace.bench.format;

import io.millrace.bench.run.BenchException;

/** What tells requests on a WebSocket apart: numbers of always as many digits, which answers repeat. */
public final class Refs {

    static final int DIGITS = 6;

    /** As many as there are. */
    public static final int COUNT = 1_000_000;

    /** The first, which is in a request before another is written over it. */
    static final String FIRST = "0".repeat(DIGITS);

    private Refs() {}

    static int parse(String ref) {
        if (ref.length() != DIGITS || !ref.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            throw new BenchException("the hub answered what it was not asked");
        }
        return Integer.parseInt(ref);
    }
}
