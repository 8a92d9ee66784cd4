package io.millrace.process;

import java.lang.management.ThreadInfo;
import java.util.List;

/** What the thread that starts the hub waits for, in words for the log. */
final class StartWait {

    /** The one nearest to the top of the stack is the most specific. */
    private static final List<LongWait> KNOWN = List.of(
            new LongWait("org.springframework.boot.loader", "a class or a file in the hub's jar"),
            new LongWait("org.postgresql", "an answer from PostgreSQL"),
            new LongWait("com.zaxxer.hikari", "a connection to PostgreSQL"),
            new LongWait("io.netty", "the network"),
            new LongWait("java.net", "the network, or a name to be resolved"),
            new LongWait("java.nio.file", "a file"));

    private StartWait() {}

    static String of(ThreadInfo thread) {
        StringBuilder words = new StringBuilder(known(thread.getStackTrace()));
        if (thread.getLockName() != null) {
            words.append(", in ").append(thread.getThreadState()).append(" on ").append(thread.getLockName());
        }
        if (thread.getLockOwnerName() != null) {
            words.append(", which thread ").append(thread.getLockOwnerName()).append(" holds");
        }
        return words.toString();
    }

    private static String known(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            for (LongWait wait : KNOWN) {
                if (wait.isUnderWay(new StackTraceElement[] {frame})) {
                    return wait.words();
                }
            }
        }
        return "something unknown, see the stack";
    }
}
