package io.millrace.topic;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Violation;
import java.util.regex.Pattern;

/** What may be the name of a topic: Kafka's rules. */
final class TopicName {

    static final String RULE = "1 to 249 of A-Z, a-z, 0-9, '.', '_' and '-', and neither \".\" nor \"..\"";

    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}");

    private static final Pattern PART = Pattern.compile("[A-Za-z0-9._-]{0,249}");

    private TopicName() {}

    static boolean isValid(String name) {
        return NAME.matcher(name).matches();
    }

    /** Whether some name could begin with that. */
    static boolean isPart(String text) {
        return PART.matcher(text).matches();
    }

    /** @throws HubException {@link HubError#INVALID_TOPIC_NAME} */
    static void check(String name) {
        if (!isValid(name)) {
            String detail = "a topic name is " + RULE;
            throw new HubException(
                    HubError.INVALID_TOPIC_NAME, detail, new Violation("#/name", "invalid_topic_name", detail));
        }
    }
}
