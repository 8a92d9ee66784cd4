package io.millrace.group;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Violation;
import java.util.regex.Pattern;

/** What may be the name of a group: the rules of topics. */
public final class GroupName {

    public static final String RULE = "1 to 249 of A-Z, a-z, 0-9, '.', '_' and '-', and neither \".\" nor \"..\"";

    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}");

    private static final Pattern PART = Pattern.compile("[A-Za-z0-9._-]{0,249}");

    private GroupName() {}

    /** Whether a group may be called so. */
    public static boolean isValid(String name) {
        return NAME.matcher(name).matches();
    }

    /** Whether some name could begin with that. */
    static boolean isPart(String text) {
        return PART.matcher(text).matches();
    }

    /**
     * @param pointer where the name stands in the request
     * @throws HubException {@link HubError#INVALID_REQUEST}
     */
    public static void check(String name, String pointer) {
        if (!isValid(name)) {
            String detail = "a group name is " + RULE;
            throw new HubException(HubError.INVALID_REQUEST, detail, new Violation(pointer, "invalid_group", detail));
        }
    }
}
