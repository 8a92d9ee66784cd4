package io.millrace.command;

import java.util.Locale;

/** How results are written. */
public enum Output {
    TEXT,
    JSON;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
