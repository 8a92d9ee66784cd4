package io.millrace.group;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.topic.TopicName;

/** The rules for names of groups, which are those of topics. */
public final class GroupName {

    public static final String RULE = TopicName.RULE;

    /** In characters. */
    public static final int LONGEST = TopicName.LONGEST;

    private GroupName() {}

    /** Whether a group may have this name. */
    public static boolean isValid(String name) {
        return TopicName.isValid(name);
    }

    /** Whether a name could begin with this. */
    public static boolean isPart(String text) {
        return TopicName.isPart(text);
    }

    /** Whether PostgreSQL can store the text. It cannot store NUL, so no row has a name with one. */
    static boolean isStorable(String text) {
        return text.indexOf('\0') < 0;
    }

    /** The error for a name that no group has. */
    public static HubException unknown() {
        return new HubException(HubError.UNKNOWN_GROUP, "there is no group with this name");
    }

    /**
     * @param place where the name stands in the request
     * @throws HubException {@link HubError#INVALID_REQUEST}
     */
    public static void check(String name, Place place) {
        if (!isValid(name)) {
            String detail = "a group name is " + RULE;
            throw new HubException(HubError.INVALID_REQUEST, place, "invalid_group", detail);
        }
    }
}
