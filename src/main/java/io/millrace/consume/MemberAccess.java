package io.millrace.consume;

import io.millrace.security.Access;
import io.millrace.security.Caller;
import io.millrace.security.Permission;
import io.millrace.security.Permission.Operation;
import io.millrace.security.Quotas;
import io.millrace.security.StreamRights;
import java.util.Collection;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Checks what a member must be allowed to do, whatever the protocol: to read the group, and the topics that the group
 * gives it.
 */
@Component
final class MemberAccess {

    private final Access access;
    private final Quotas quotas;

    MemberAccess(Access access, Quotas quotas) {
        this.access = access;
        this.quotas = quotas;
    }

    ConsumeQuota quota(Caller caller) {
        return new ConsumeQuota(quotas, caller);
    }

    void check(Caller caller, String group) {
        access.check(caller, Permission.group(Operation.READ, group));
    }

    /** @param topics names, or the patterns of a subscription */
    void check(Caller caller, String group, Collection<String> topics) {
        check(caller, group);
        checkTopics(caller, topics);
    }

    /** @param topics of the positions that are committed */
    void checkCommit(Caller caller, String group, Collection<String> topics) {
        access.check(caller, Permission.group(Operation.COMMIT, group));
        checkTopics(caller, topics);
    }

    /** Whether a member may still read the group, and what it subscribes to. */
    StreamRights rights(Caller caller, String group, Collection<String> topics) {
        return new StreamRights(access, caller, () -> Stream.concat(
                        Stream.of(Permission.group(Operation.READ, group)),
                        topics.stream().map(topic -> Permission.topic(Operation.READ, topic)))
                .toList());
    }

    void checkTopics(Caller caller, Collection<String> topics) {
        topics.stream().distinct().forEach(topic -> access.check(caller, Permission.topic(Operation.READ, topic)));
    }
}
