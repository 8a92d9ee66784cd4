package io.millrace.process;

/**
 * Something that a start may wait for without using CPU time, for as long as its own settings allow.
 *
 * @param packageName the package whose code is on the thread's stack while it waits
 * @param words for the log: what the start waits for, and which setting bounds it
 */
public record LongWait(String packageName, String words) {

    boolean isUnderWay(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            if (frame.getClassName().startsWith(packageName + ".")) {
                return true;
            }
        }
        return false;
    }
}
