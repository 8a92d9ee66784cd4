package io.millrace.client;

import io.millrace.client.message.Group;
import io.millrace.client.message.Join;
import io.millrace.client.message.Query;
import io.millrace.event.TopicPartition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Consumer groups as operators see them: {@code /v1/groups}. Each method is one request; the package documents what
 * they throw. Thread-safe.
 */
public final class GroupCalls {

    private static final String GROUPS = "/v1/groups";

    private final Transport transport;

    GroupCalls(Transport transport) {
        this.transport = transport;
    }

    /**
     * A page of the list of all groups.
     *
     * @param prefix of the names; null for all
     * @param after {@link Group.Listing#next} of the previous page; null for the first
     */
    public Group.Listing list(@Nullable String prefix, @Nullable String after)
            throws NoAnswerException, InterruptedException {
        Query query = new Query(GROUPS).with("prefix", prefix).with("after", after);
        return transport.get("to list groups", query, Group.Listing.class);
    }

    public Group describe(String group) throws NoAnswerException, InterruptedException {
        return transport.get("to describe group " + group, group(group), Group.class);
    }

    public List<Group.Offset> offsets(String group) throws NoAnswerException, InterruptedException {
        return transport
                .get("to list the offsets of group " + group, offsetsOf(group), Group.Offsets.class)
                .offsets();
    }

    /** Where a reset moves offsets to; a target outside a partition means its nearer end. */
    public sealed interface Target {

        record Earliest() implements Target {}

        record Latest() implements Target {}

        record Offset(long offset) implements Target {}

        record Timestamp(long timestamp) implements Target {}

        /** Forward by this number of records or, if negative, back. */
        record Shift(long shift) implements Target {}

        /** As the API represents it. */
        private Object written() {
            return switch (this) {
                case Earliest _ -> "earliest";
                case Latest _ -> "latest";
                case Offset _, Timestamp _, Shift _ -> this;
            };
        }
    }

    /**
     * Moves the offsets of a group that has no members.
     *
     * @param topics whose partitions are reset
     * @param partitions further partitions to reset; if both lists are empty, all that the group has
     * @param dryRun whether to return only what would be done
     */
    public List<Group.Moved> reset(
            String group, Target target, List<String> topics, List<TopicPartition> partitions, boolean dryRun)
            throws NoAnswerException, InterruptedException {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("to", target.written());
        if (!topics.isEmpty()) {
            request.put("topics", topics);
        }
        if (!partitions.isEmpty()) {
            request.put("partitions", partitions);
        }
        return transport
                .send(
                        "to reset group " + group,
                        "PATCH",
                        offsetsOf(group).with("dry_run", dryRun),
                        request,
                        Group.ResetResult.class)
                .offsets();
    }

    public void delete(String group) throws NoAnswerException, InterruptedException {
        transport.delete("to delete group " + group, group(group));
    }

    /** Joins a group with an event stream, which is a member for as long as it is open and connected. */
    public EventStream join(String group, Join how) throws NoAnswerException, InterruptedException {
        Query resource = new Query(GROUPS + "/", group, "/stream")
                .with("topics", RecordCalls.joined(how.topics()))
                .with("from", how.from())
                .with("instance_id", how.instanceId())
                .with("session_timeout_ms", how.sessionTimeoutMs())
                .with("assignor", how.assignor());
        return new EventStream(transport.stream(
                "to join group " + group,
                transport.request("GET", resource, null).setHeader("Accept", "text/event-stream")));
    }

    private static Query group(String group) {
        return new Query(GROUPS + "/", group);
    }

    private static Query offsetsOf(String group) {
        return new Query(GROUPS + "/", group, "/offsets");
    }
}
