package io.millrace.topic;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import java.util.regex.Pattern;

/** The rules for topic names, which are Kafka's. */
public final class TopicName {

    /** The most characters of a name; all are ASCII. */
    public static final int LONGEST = 249;

    public static final String RULE =
            "1 to " + LONGEST + " of A-Z, a-z, 0-9, '.', '_' and '-', and neither \".\" nor \"..\"";

    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1," + LONGEST + "}");

    /** A name with at least one {@code *}. */
    private static final Pattern PATTERN = Pattern.compile("(?=[^*]*\\*)[A-Za-z0-9._*-]{1," + LONGEST + "}");

    private static final Pattern PART = Pattern.compile("[A-Za-z0-9._-]{0," + LONGEST + "}");

    private TopicName() {}

    /** Whether a topic may have this name. */
    public static boolean isValid(String name) {
        return NAME.matcher(name).matches();
    }

    /** Whether a name could begin with this text. */
    public static boolean isPart(String text) {
        return PART.matcher(text).matches();
    }

    static boolean isPattern(String text) {
        return PATTERN.matcher(text).matches();
    }

    /** The pattern for SQL's {@code like}, with {@code !} as the escape character. */
    static String like(String pattern) {
        return pattern.replace("_", "!_").replace('*', '%');
    }

    /**
     * Whether a pattern, in which {@code *} stands for any run of characters, matches a name. It backtracks to the last
     * {@code *} only, so its time is at most proportional to the product of the lengths.
     */
    static boolean matches(String pattern, String name) {
        int p = 0;
        int n = 0;
        int star = -1;
        int resume = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = n;
            } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    /** @throws HubException {@link HubError#INVALID_TOPIC_NAME} */
    static void check(String name) {
        if (!isValid(name)) {
            String detail = "a topic name is " + RULE;
            throw new HubException(HubError.INVALID_TOPIC_NAME, Place.field("name"), "invalid_topic_name", detail);
        }
    }
}
