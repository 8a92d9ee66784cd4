package io.millrace.process;

import org.jspecify.annotations.Nullable;

/**
 * Ends the process when its memory is exhausted: a failed allocation may leave work half done in any thread, and a hub
 * that does not answer but says that it is up is worse than one that is restarted.
 *
 * <p>The JVM itself does that with {@code -XX:+ExitOnOutOfMemoryError}, but a jar cannot set this option for
 * {@code java -jar}. So every place that catches all failures, or sees caught ones, calls this: the loops, the handler
 * of uncaught exceptions, and the log.
 *
 * <p>It ignores arrays that are too large for any heap, and memory outside the heap, which has a bound of its own and
 * is freed when the connections that hold it end.
 */
public final class OutOfMemory {

    /** The exit code of the JVM's own option. */
    static final int EXIT_CODE = 3;

    /** The JVM's messages when all memory is exhausted, as opposed to one allocation being too large. */
    private static final String[] EXHAUSTED = {
        "Java heap space", "GC overhead limit exceeded", "Metaspace", "Compressed class space", "unable to create"
    };

    private static final int DEEPEST_CAUSE = 20;

    /** Created in advance, since there is no memory left when they are needed. */
    private static final LastWords[] WORDS = new LastWords[EXHAUSTED.length];

    static {
        for (int i = 0; i < EXHAUSTED.length; i++) {
            WORDS[i] = new LastWords("The hub is out of memory (" + EXHAUSTED[i] + ") and ends, to be restarted."
                    + " Its data is safe; raise -Xmx if this happens again");
        }
    }

    private OutOfMemory() {}

    /**
     * Ends the process if this failure or one of its causes says that memory is exhausted. Allocates nothing itself.
     */
    public static void endIfCausedBy(@Nullable Throwable failure) {
        int kind = kind(failure);
        if (kind >= 0) {
            WORDS[kind].say();
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    /** The index of the kind of exhaustion; negative for none. */
    static int kind(@Nullable Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            // Netty's subclass is about memory outside the heap.
            if (cause.getClass() == OutOfMemoryError.class) {
                return kind(cause.getMessage());
            }
            cause = cause.getCause();
        }
        return -1;
    }

    private static int kind(@Nullable String message) {
        for (int i = 0; message != null && i < EXHAUSTED.length; i++) {
            if (message.startsWith(EXHAUSTED[i])) {
                return i;
            }
        }
        return -1;
    }
}
