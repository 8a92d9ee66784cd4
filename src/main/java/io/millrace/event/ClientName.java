package io.millrace.event;

/**
 * What a client may call its requests and subscriptions: {@code ref} and {@code id}. Answers repeat them, so they are
 * short, and text that can be written in UTF-8.
 */
public final class ClientName {

    /** The most characters, counted as JSON Schema counts them: by code points. */
    public static final int LONGEST = 64;

    public static final String RULE = "1 to " + LONGEST + " characters, and no half of a surrogate pair";

    private ClientName() {}

    public static boolean isValid(String text) {
        return !text.isEmpty() && text.codePointCount(0, text.length()) <= LONGEST && isWellFormed(text);
    }

    /** Whether a text has no half of a surrogate pair, which UTF-8 cannot express. */
    public static boolean isWellFormed(String text) {
        return text.codePoints()
                .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }
}
