package io.millrace.fuzz;

/** What Jazzer calls, in a process of its own: initialized with the name of one of {@link FuzzTargets}. */
public final class FuzzDriver {

    private static FuzzTarget target = FuzzTargets.ALL.getFirst();

    private FuzzDriver() {}

    public static void fuzzerInitialize(String[] arguments) {
        Bounded.instrumented();
        target = FuzzTargets.named(arguments[0]);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        target.run(input);
    }
}
