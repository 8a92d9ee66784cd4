package io.millrace.group;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.topic.TopicName;

/** What may be the name of a group: the rules of topics. */
public final class GroupName {

    public static final String RULE = TopicName.RULE;

    /** In characters. */
    public static final int LONGEST = TopicName.LONGEST;

    private GroupName() {}

    /** Whether a group may be called so. */
    public static boolean isValid(String name) {
        return TopicName.isValid(name);
    }

    /** Whether some name could begin with that. */
    public static boolean isPart(String text) {
        return TopicName.isPart(text);
    }

    /** Whether PostgreSQL takes it as text, which it does not with NUL: nothing that it has stored is called so. */
    static boolean isStorable(String text) {
        return text.indexOf('\0') < 0;
    }

    /** The refusal of a name that no group has. */
    public static HubException unknown() {
        return new HubException(HubError.UNKNOWN_GROUP, "there is no group of that name");
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
