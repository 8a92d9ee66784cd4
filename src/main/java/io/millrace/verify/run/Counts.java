package io.millrace.verify.run;

import java.util.Locale;

/** Numbers of things, in words. */
final class Counts {

    private Counts() {}

    static String of(long number, String noun) {
        return String.format(Locale.ROOT, "%,d ", number) + noun + (number == 1 ? "" : "s");
    }
}
