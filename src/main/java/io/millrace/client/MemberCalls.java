package io.millrace.client;

import io.millrace.client.message.CommitOffset;
import io.millrace.client.message.Join;
import io.millrace.client.message.Json;
import io.millrace.client.message.MemberRecords;
import io.millrace.client.message.Membership;
import io.millrace.client.message.Query;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Members of groups without a connection, and the commits of members with an event stream. Each method is one request,
 * to any node; the package documents what they throw. Repeating a join without an instance id may leave a second member
 * in the group until its session times out. Thread-safe.
 */
public final class MemberCalls {

    private final Transport transport;

    MemberCalls(Transport transport) {
        this.transport = transport;
    }

    /** Joins; {@link Membership#memberId} identifies the member in all further calls. */
    public Membership join(String group, Join how) throws NoAnswerException, InterruptedException {
        Query resource = new Query("/v1/groups/", group, "/members");
        return transport.send("to join group " + group, "POST", resource, how, Membership.class);
    }

    /**
     * The parameters of a poll.
     *
     * @param patience how long to wait for the first record
     * @param limit the maximum number of records; null for the hub's own limit
     * @param cursor of the previous poll; null to continue at the committed offsets
     */
    public record Poll(
            Duration patience,
            @Nullable Integer limit,
            @Nullable String cursor) {}

    /** Reads further records. Partitions that an answer asks the member to give up are given up by the next poll. */
    public MemberRecords poll(String group, String member, Poll poll) throws NoAnswerException, InterruptedException {
        String what = "to poll in group " + group;
        Query resource = member(group, member, "/records")
                .with("wait", poll.patience().toMillis() + "ms")
                .with("limit", poll.limit())
                .with("cursor", poll.cursor());
        Answer answer = transport.call(
                what,
                transport.request("GET", resource, null),
                transport.settings().answer().plus(poll.patience()));
        try {
            return MemberRecords.parse(answer.body());
        } catch (RuntimeException other) {
            throw NoAnswerException.notUnderstood(what, other);
        }
    }

    /** @param epoch of the last answer that was processed; null for the newest */
    public Membership heartbeat(String group, String member, @Nullable Long epoch)
            throws NoAnswerException, InterruptedException {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("epoch", epoch);
        return transport.send(
                "the heartbeat in group " + group,
                "POST",
                member(group, member, "/heartbeat"),
                request,
                Membership.class);
    }

    /**
     * Commits all offsets or none. A refusal {@code stale_member_epoch} has a place for each offset that the member may
     * no longer commit.
     *
     * @param epoch of the member; null to use those of the offsets
     */
    public void commit(String group, String member, @Nullable Long epoch, List<CommitOffset> offsets)
            throws NoAnswerException, InterruptedException {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("epoch", epoch);
        request.put("offsets", offsets);
        byte[] body = Json.MAPPER.writeValueAsBytes(request);
        transport.call(
                "to commit in group " + group,
                transport.request("POST", member(group, member, "/offsets"), body),
                transport.settings().answer());
    }

    public void leave(String group, String member) throws NoAnswerException, InterruptedException {
        transport.delete("to leave group " + group, member(group, member, ""));
    }

    private static Query member(String group, String member, String rest) {
        return new Query("/v1/groups/", group, "/members/", member, rest);
    }
}
