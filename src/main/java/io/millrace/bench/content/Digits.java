package io.millrace.bench.content;

/** Writes decimal numbers with a fixed number of digits. */
public final class Digits {

    private Digits() {}

    /** @param count of digits, with leading zeros */
    public static void write(long number, byte[] to, int at, int count) {
        long rest = number;
        for (int i = at + count - 1; i >= at; i--) {
            to[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
