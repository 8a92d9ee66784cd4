package io.millrace.bench.content;

/** Numbers in decimal, written over others of as many digits. */
public final class Digits {

    private Digits() {}

    /** @param count of digits, with zeros in front */
    public static void write(long number, byte[] to, int at, int count) {
        long rest = number;
        for (int i = at + count - 1; i >= at; i--) {
            to[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
