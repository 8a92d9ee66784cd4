package io.millrace.group;

import io.millrace.append.Appender;
import io.millrace.event.NewRecord;
import io.millrace.event.RecordFormat;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.group.admin.GroupAdmin;
import io.millrace.group.admin.GroupDescription;
import io.millrace.group.admin.OffsetLag;
import io.millrace.security.Caller;
import io.millrace.testing.Hub;
import io.millrace.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Joins groups, looks at them and fills topics, on any node, without going through HTTP. Safe for any thread. */
final class TestGroups {

    private TestGroups() {}

    /** A member with a connection, which begins at the ends of new partitions. */
    static Membership join(Hub hub, String group, String topic) {
        return hub.bean(Groups.class).join(request(group, topic, MemberProtocol.WEBSOCKET, null, 45_000), () -> {});
    }

    static JoinRequest request(
            String group, String topic, MemberProtocol protocol, String instanceId, long timeoutMillis) {
        return new JoinRequest(
                group,
                protocol,
                List.of(topic),
                new StartPosition.Latest(),
                instanceId,
                Duration.ofMillis(timeoutMillis),
                null);
    }

    /** The partitions that a member has to give up. */
    static Set<TopicPartition> revoking(Membership member) {
        return member.assignment().partitions().stream()
                .filter(Owned::revoking)
                .map(Owned::name)
                .collect(Collectors.toSet());
    }

    /** Like a member that has committed all it was given. */
    static void releaseRevoked(Membership member) {
        Set<TopicPartition> revoking = revoking(member);
        if (!revoking.isEmpty()) {
            member.release(revoking);
        }
    }

    static GroupDescription describe(Hub hub, String group) {
        return hub.bean(GroupAdmin.class).describe(Caller.ANYONE, group);
    }

    static GroupOffset offset(Hub hub, String group, TopicPartition partition) {
        return describe(hub, group).offsets().stream()
                .map(OffsetLag::offset)
                .filter(offset -> offset.name().equals(partition))
                .findFirst()
                .orElseThrow();
    }

    static void produce(Hub hub, Topic topic, int partition, String... values) {
        produceAt(hub, NewRecord.NO_TIMESTAMP, topic, partition, values);
    }

    static void produceAt(Hub hub, long timestamp, Topic topic, int partition, String... values) {
        for (String value : values) {
            hub.bean(Appender.class)
                    .append(
                            topic,
                            List.of(new NewRecord(
                                    partition,
                                    timestamp,
                                    null,
                                    ('"' + value + '"').getBytes(StandardCharsets.UTF_8),
                                    null,
                                    RecordFormat.DEFAULT)))
                    .join();
        }
    }
}
