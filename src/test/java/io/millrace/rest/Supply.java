package io.millrace.rest;

import java.io.InputStream;
import java.time.Duration;

/** One line repeated many times; counts how much of it has been read. */
final class Supply extends InputStream {

    private static final long STILL = Duration.ofSeconds(1).toNanos();

    private final byte[] line;
    private final long length;
    private volatile long taken;
    private volatile long lastTaken = System.nanoTime();

    Supply(byte[] line, int count) {
        this.line = line;
        this.length = (long) line.length * count;
    }

    long taken() {
        return taken;
    }

    /** Whether something has been taken, but nothing for a while. */
    boolean standsStill() {
        return taken > 0 && System.nanoTime() - lastTaken > STILL;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(byte[] into, int from, int wanted) {
        int count = (int) Math.min(wanted, length - taken);
        if (count == 0) {
            return -1;
        }
        for (int i = 0; i < count; i++) {
            into[from + i] = line[(int) ((taken + i) % line.length)];
        }
        taken += count;
        lastTaken = System.nanoTime();
        return count;
    }
}
