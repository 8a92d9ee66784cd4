package io.millrace.process;

import org.jspecify.annotations.Nullable;

/**
 * Ends the process when its memory is exhausted: whoever could not get any may have left anything half done, in any
 * thread, and a hub that answers nobody and says that it is up is worse than one that is started again.
 *
 * <p>The JVM does that by itself with {@code -XX:+ExitOnOutOfMemoryError}, which {@code java -jar} cannot be given by
 * the jar. So every place asks here that catches all failures, or sees those that others caught: the loops, what
 * threads do not catch, and the log.
 *
 * <p>A failure to make one thing too large for any memory is not meant, and neither is memory outside the heap, which
 * is bounded by itself and comes back when the connections that hold it end.
 */
public final class OutOfMemory {

    /** As the JVM's own option exits. */
    static final int EXIT_CODE = 3;

    /** What the JVM says when it, and not one request, has come to its end. */
    private static final String[] EXHAUSTED = {
        "Java heap space", "GC overhead limit exceeded", "Metaspace", "Compressed class space", "unable to create"
    };

    private static final int DEEPEST_CAUSE = 20;

    /** Made in advance, as everything that is used from here on. */
    private static final LastWords[] WORDS = new LastWords[EXHAUSTED.length];

    static {
        for (int i = 0; i < EXHAUSTED.length; i++) {
            WORDS[i] = new LastWords("The hub is out of memory (" + EXHAUSTED[i] + ") and ends, to be started again."
                    + " Its data are safe; give it more with -Xmx if this comes again");
        }
    }

    private OutOfMemory() {}

    /** Ends the process if this failure or what caused it says that memory is exhausted; takes none itself. */
    public static void endIfCausedBy(@Nullable Throwable failure) {
        int kind = kind(failure);
        if (kind >= 0) {
            WORDS[kind].say();
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    /** Which of the exhaustions it is; negative for none. */
    static int kind(@Nullable Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            // Netty's own kind of it is about memory outside the heap.
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
