package io.millrace.background;

import java.util.List;

/** Tells a thread that waits for something that may never come from one that works or waits for PostgreSQL. */
public final class Standstill {

    /** How the native methods begin in which a thread waits although the JVM calls it runnable. */
    private static final List<String> NATIVE_WAITS = List.of("park", "epoll", "poll", "select", "kevent");

    private Standstill() {}

    /**
     * To be asked of a thread that has been at one piece of work for longer than it should. One that is merely slow, on
     * a busy machine, does not stand still.
     */
    public static boolean of(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        return waits(thread, stack) && !waitsForPostgres(stack);
    }

    private static boolean waits(Thread thread, StackTraceElement[] stack) {
        return switch (thread.getState()) {
            case BLOCKED, WAITING, TIMED_WAITING -> true;
            case RUNNABLE -> stack.length > 0 && NATIVE_WAITS.stream().anyMatch(stack[0].getMethodName()::startsWith);
            case NEW, TERMINATED -> false;
        };
    }

    private static boolean waitsForPostgres(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            String type = frame.getClassName();
            if (type.startsWith("org.postgresql.") || type.startsWith("com.zaxxer.hikari.")) {
                return true;
            }
        }
        return false;
    }
}
