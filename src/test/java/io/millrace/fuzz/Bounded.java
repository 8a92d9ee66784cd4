package io.millrace.fuzz;

import com.sun.management.ThreadMXBean;
import io.millrace.edge.Problems;
import io.millrace.event.HubException;
import io.millrace.json.Jackson;
import io.millrace.json.JsonBuffer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a parser on hostile bytes: it returns a value or refuses, and takes time and memory in proportion to the length
 * of the bytes. A refusal can be written as a problem document.
 */
public final class Bounded {

    /** Includes loading the classes. */
    private static final long FREE_NANOS = 100_000_000;

    private static final long NANOS_A_BYTE = 2_000;
    private static final long FREE_BYTES = 256 * 1024;

    /** Jackson's trees take up to 50 bytes for a token of two, and lists are copied as they grow. */
    private static final long BYTES_A_BYTE = 256;

    /** The machine may be busy, and a garbage collection or loading a class come in between. */
    private static final int ATTEMPTS = 4;

    /** What the fuzzer's instruments allocate, too: they copy texts that are compared. */
    private static final int INSTRUMENTS = 8;

    private static int allowance = 1;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /**
     * What a parser made of its input.
     *
     * @param value null if it refused
     * @param refusal null if it did not
     */
    public record Outcome<T>(@Nullable T value, @Nullable RuntimeException refusal) {

        public boolean accepted() {
            return refusal == null;
        }
    }

    private Bounded() {}

    /** From now on the parsers of this JVM are instrumented. */
    static void instrumented() {
        allowance = INSTRUMENTS;
    }

    /** Runs a parser that may refuse by a {@link HubException} only. */
    public static <T> Outcome<T> run(byte[] input, Supplier<T> parser) {
        Outcome<T> outcome = run(input, FREE_BYTES, HubException.class, parser);
        if (outcome.refusal() instanceof HubException refusal) {
            checkWritable(refusal);
        }
        return outcome;
    }

    /**
     * Runs a parser that has no side effects.
     *
     * @param freeBytes that it may allocate for an input of any length
     * @param refusal the exception that it may throw
     */
    public static <T> Outcome<T> run(
            byte[] input, long freeBytes, Class<? extends RuntimeException> refusal, Supplier<T> parser) {
        long mostBytes = (freeBytes + BYTES_A_BYTE * input.length) * allowance;
        long mostNanos = FREE_NANOS + NANOS_A_BYTE * input.length;
        long leastBytes = Long.MAX_VALUE;
        long leastNanos = Long.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long bytes = THREADS.getCurrentThreadAllocatedBytes();
            long nanos = System.nanoTime();
            Outcome<T> outcome = attempt(refusal, parser);
            leastNanos = Math.min(leastNanos, System.nanoTime() - nanos);
            leastBytes = Math.min(leastBytes, THREADS.getCurrentThreadAllocatedBytes() - bytes);
            if (leastBytes <= mostBytes && leastNanos <= mostNanos) {
                return outcome;
            }
        }
        throw new AssertionError("%d bytes of input took %d µs and %d bytes of memory"
                .formatted(input.length, leastNanos / 1000, leastBytes));
    }

    private static <T> Outcome<T> attempt(Class<? extends RuntimeException> refusal, Supplier<T> parser) {
        try {
            return new Outcome<>(parser.get(), null);
        } catch (RuntimeException thrown) {
            if (!refusal.isInstance(thrown)) {
                throw thrown;
            }
            return new Outcome<>(null, thrown);
        }
    }

    private static void checkWritable(HubException refusal) {
        JsonBuffer document = new JsonBuffer();
        Problems.write(document, refusal, null);
        check(Jackson.accepts(new String(document.toByteArray(), StandardCharsets.UTF_8)), "a problem is JSON");
    }

    /** Fails unless a promise is kept. */
    public static void check(boolean kept, String promise) {
        if (!kept) {
            throw new AssertionError("broken: " + promise);
        }
    }

    /** Fails unless two readings of the same bytes agree. */
    public static void same(@Nullable Object first, @Nullable Object second, String promise) {
        if (!java.util.Objects.equals(first, second)) {
            throw new AssertionError("broken: %s%n%s%n%s".formatted(promise, first, second));
        }
    }
}
