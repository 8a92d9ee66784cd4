package io.millrace.process;

/**
 * What a start may wait for without using any processor time, for as long as its own settings allow.
 *
 * @param packageName whose code the thread is in while it waits
 * @param words for the log: what is waited for, and which setting bounds it
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
