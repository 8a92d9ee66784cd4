package io.millrace.consume;

import io.millrace.security.Access;
import io.millrace.security.Caller;
import io.millrace.security.Permission;
import io.millrace.security.Permission.Operation;
import java.util.Collection;
import org.springframework.stereotype.Component;

/**
 * Checks what a member must be allowed to do, whatever the protocol: to read the group, and the topics that the group
 * gives it.
 */
@Component
final class MemberAccess {

    private final Access access;

    MemberAccess(Access access) {
        this.access = access;
    }

    void check(Caller caller, String group) {
        access.check(caller, Permission.group(Operation.READ, group));
    }

    /** @param topics names, or the patterns of a subscription */
    void check(Caller caller, String group, Collection<String> topics) {
        check(caller, group);
        checkTopics(caller, topics);
    }

    void checkTopics(Caller caller, Collection<String> topics) {
        topics.stream().distinct().forEach(topic -> access.check(caller, Permission.topic(Operation.READ, topic)));
    }
}
