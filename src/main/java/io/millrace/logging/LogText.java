package io.millrace.logging;

import org.jspecify.annotations.Nullable;

/**
 * Text in the log. Clients' texts get there in messages and exceptions, and characters that end a line or control a
 * terminal would let a client write lines of its own, or hide those of others.
 */
final class LogText {

    private static final String BIDIRECTIONAL = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";

    private LogText() {}

    /** Replaces each of those characters by its escape, such as {@code \n} or {@code \u001b}. */
    static @Nullable String escaped(@Nullable String text) {
        return text == null ? null : escaped(text, false);
    }

    /** The same, but line ends and tabulators stay: for texts of the hub's own that have several lines. */
    static String escapedLines(String text) {
        return escaped(text, true);
    }

    private static String escaped(String text, boolean lines) {
        int first = 0;
        while (first < text.length() && isPlain(text.charAt(first), lines)) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c, lines)) {
                escaped.append(c);
            } else {
                switch (c) {
                    case '\n' -> escaped.append("\\n");
                    case '\r' -> escaped.append("\\r");
                    case '\t' -> escaped.append("\\t");
                    default -> escaped.append("\\u%04x".formatted((int) c));
                }
            }
        }
        return escaped.toString();
    }

    private static boolean isPlain(char c, boolean lines) {
        if (c < ' ') {
            return lines && (c == '\n' || c == '\t');
        }
        return c < 0x7f || c > 0x9f && c != '\u2028' && c != '\u2029' && BIDIRECTIONAL.indexOf(c) < 0;
    }
}
