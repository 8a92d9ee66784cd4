package io.millrace.faults;

import io.millrace.MillraceApplication;
import java.io.IOException;

/**
 * The hub as {@link HubProcess} runs it: it ends when its standard input is closed, so it does not outlive the tests.
 */
final class HubMain {

    private HubMain() {}

    static void main(String[] arguments) throws Exception {
        Thread.ofPlatform().daemon().name("parent-watch").start(HubMain::endWithTheParent);
        MillraceApplication.main(arguments);
    }

    private static void endWithTheParent() {
        try {
            while (System.in.read() >= 0) {
                // Only the end of the input counts.
            }
        } catch (IOException broken) {
            // Equivalent to the end.
        }
        Runtime.getRuntime().halt(1);
    }
}
