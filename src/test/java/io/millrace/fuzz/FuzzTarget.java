package io.millrace.fuzz;

import java.util.stream.Stream;

/** Parsers that read bytes from anybody, and what they promise for any bytes. Used by one thread. */
public interface FuzzTarget {

    /** Examples to begin with, good and bad ones: those of the tests. */
    Stream<byte[]> seeds();

    /**
     * Parses some bytes, by {@link Bounded}.
     *
     * @throws RuntimeException any, as {@link Error}s are: a promise is broken
     */
    void run(byte[] input);

    /** For directories and the command line. */
    default String name() {
        return getClass().getSimpleName();
    }
}
