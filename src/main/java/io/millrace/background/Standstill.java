package io.millrace.background;

/** Tells a thread that waits for what may never come from one that works or waits for PostgreSQL. */
final class Standstill {

    private Standstill() {}

    /** To be asked of a thread that has been in one piece of work for longer than it should. */
    static boolean of(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        return waits(thread, stack) && !waitsForPostgres(stack);
    }

    private static boolean waits(Thread thread, StackTraceElement[] stack) {
        return switch (thread.getState()) {
            case BLOCKED, WAITING, TIMED_WAITING -> true;
            // One that something outside the JVM's sight holds while it wakes up calls itself runnable.
            case RUNNABLE -> stack.length > 0 && stack[0].getMethodName().equals("park");
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
