package io.millrace.access;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import java.util.regex.Pattern;

/** The names of principals, which are Kafka's: a type, a colon and a name. */
public final class Principals {

    public static final String USER = "User:";
    public static final String GROUP = "Group:";

    /** In rules: all callers that are known. */
    public static final String ALL_USERS = "User:*";

    public static final String USER_RULE =
            "a user is 'User:' and 1 to 200 characters without control characters, and not 'User:*'";
    public static final String RULE = "a principal is 'User:' or 'Group:' and 1 to 200 characters without control"
            + " characters; 'User:*' is all callers";

    /** As the columns check it. */
    private static final Pattern NAME =
            Pattern.compile("(?:User|Group):\\P{Cntrl}{1,200}", Pattern.UNICODE_CHARACTER_CLASS);

    private Principals() {}

    /** Whether it may be in a rule. */
    static boolean isValid(String principal) {
        return NAME.matcher(principal).matches();
    }

    /** Whether somebody can be this user: {@link #ALL_USERS} is nobody's name. */
    public static boolean isUser(String principal) {
        return principal.startsWith(USER) && isValid(principal) && !principal.equals(ALL_USERS);
    }

    /** @throws HubException {@link HubError#INVALID_REQUEST} */
    static void checkUser(String principal) {
        if (!isUser(principal)) {
            throw new HubException(HubError.INVALID_REQUEST, Place.field("principal"), "invalid_principal", USER_RULE);
        }
    }
}
