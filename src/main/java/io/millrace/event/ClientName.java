package io.millrace.event;

/**
 * The names that clients give to requests and subscriptions: {@code ref} and {@code id}. Answers repeat them, so they
 * must be short, and must be text that UTF-8 can encode.
 */
public final class ClientName {

    /** The most characters, counted as JSON Schema counts them: by code points. */
    public static final int LONGEST = 64;

    public static final String RULE = "1 to " + LONGEST + " characters, and no half of a surrogate pair";

    private ClientName() {}

    public static boolean isValid(String text) {
        return !text.isEmpty() && text.codePointCount(0, text.length()) <= LONGEST && isWellFormed(text);
    }

    /** Whether a text has no half of a surrogate pair, which UTF-8 cannot encode. */
    public static boolean isWellFormed(String text) {
        return text.codePoints()
                .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }
}
