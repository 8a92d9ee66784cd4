package io.millrace.rest;

import io.millrace.apidocs.SentByClient;
import io.millrace.group.Assignment;
import io.millrace.group.Heartbeat;
import io.millrace.group.Joined;
import io.millrace.group.OffsetCommit;
import io.millrace.group.Owned;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What members of groups send and receive. */
final class MemberViews {

    private MemberViews() {}

    @Schema(name = "JoinRequest")
    record JoinRequestView(
            @Schema(example = "[\"flights\"]", description = "Names, or patterns with * for any run of characters")
            List<String> topics,

            @Schema(
                    types = {"string", "integer"},
                    format = "int64",
                    example = "earliest",
                    description =
                            "Where the group begins in partitions without a committed offset, and where the member"
                                + " continues in those whose next record has expired: earliest, latest, a timestamp in"
                                + " milliseconds since 1970, or committed, the default, which means latest there")
            @Nullable
            String from,

            @Schema(
                    example = "45000",
                    minimum = "1",
                    description = "The member is expelled after this time without a call; /v1/limits states the bounds")
            @Nullable
            Integer session_timeout_ms,

            @Schema(
                    example = "worker-1",
                    description = "Makes the member static: a member that joins with the same one takes over its"
                            + " partitions")
            @Nullable
            String instance_id,

            @Schema(
                    allowableValues = {"sticky", "range", "round_robin"},
                    description = "The group's unless given; can differ only while the group has no members")
            @Nullable
            String assignor)
            implements SentByClient {}

    @Schema(name = "JoinResult")
    record JoinedView(
            @Schema(example = "billing") String group,
            @Schema(example = GroupViews.MEMBER_ID) String member_id,
            @Schema(example = "7") long epoch,
            List<OwnedView> assignment,

            @Schema(example = "15000", description = "The member should make a call, of any kind, this often")
            long heartbeat_ms,

            @Schema(example = "45000") long session_timeout_ms) {}

    @Schema(name = "OwnedPartition")
    record OwnedView(
            @Schema(example = "flights") String topic,
            @Schema(example = "0") int partition,

            @Schema(example = "7", description = "The epoch since which the member owns it")
            long epoch,

            @Schema(example = "30", description = "Where the group continues")
            long next_offset) {}

    @Schema(name = "CommitRequest")
    record CommitRequest(
            @Schema(
                    example = "7",
                    minimum = "0",
                    description = "The member's epoch. If given and not its newest, nothing is committed")
            @Nullable
            Long epoch,

            List<CommitView> offsets)
            implements SentByClient {}

    @Schema(name = "CommittedOffset")
    record CommitView(
            @Schema(example = "flights") String topic,
            @Schema(example = "0", minimum = "0") int partition,

            @Schema(
                    example = "7",
                    minimum = "0",
                    description = "The epoch that came with the partition's records. If given, and the member has not"
                            + " owned the partition since then, nothing is committed: so no commit undoes a reset of"
                            + " the group")
            @Nullable
            Long epoch,

            @Schema(
                    example = "2",
                    minimum = "0",
                    description = "The next offset to read: one more than the last one processed")
            long next_offset,

            @Schema(example = "page 1", maxLength = OffsetCommit.LONGEST_METADATA, description = "Kept with the offset")
            @Nullable
            String metadata)
            implements SentByClient {}

    @Schema(name = "CommitResult")
    record CommittedView(
            @Schema(example = "billing") String group,
            @Schema(example = GroupViews.MEMBER_ID) String member_id,
            @Schema(example = "7") long epoch) {}

    @Schema(name = "HeartbeatRequest")
    record HeartbeatRequest(
            @Schema(
                    example = "7",
                    minimum = "0",
                    description = "The newest epoch that the member knows; unless given, that of its last answer")
            @Nullable
            Long epoch)
            implements SentByClient {}

    @Schema(name = "HeartbeatResult")
    record HeartbeatView(
            @Schema(example = GroupViews.MEMBER_ID) String member_id,
            @Schema(example = "7") long epoch,
            List<OwnedView> assignment,

            @Schema(
                    description = "Partitions of the assignment that the member is asked to give up: it commits what"
                            + " it has of them before its next heartbeat or read, which releases them")
            List<GroupViews.PartitionView> revoking,

            @Schema(example = "15000") long heartbeat_ms) {}

    @Schema(name = "MemberRecords")
    record PollView(
            @Schema(example = "billing") String group,
            @Schema(example = GroupViews.MEMBER_ID) String member_id,
            @Schema(example = "7") long epoch,
            List<AssignedView> assignment,

            @Schema(
                    description = "Partitions of the assignment that the member is asked to give up; they are no"
                            + " longer read. It commits what it has of them before its next heartbeat or read, which"
                            + " releases them")
            List<GroupViews.PartitionView> revoking,

            @Schema(description = "Those with records or a reset")
            List<RecordsView> partitions,

            @Schema(description = "For the next read, while these records are not committed yet")
            String cursor) {}

    @Schema(name = "AssignedPartition")
    record AssignedView(
            @Schema(example = "flights") String topic,
            @Schema(example = "0") int partition,

            @Schema(example = "7", description = "The epoch since which the member owns it")
            long epoch) {}

    @Schema(name = "PartitionRecords")
    record RecordsView(
            @Schema(example = "flights") String topic,
            @Schema(example = "0") int partition,
            @Schema(example = "7") long epoch,

            @Schema(
                    description = "Only if the next records are not there, so that reading continued elsewhere: if they"
                            + " have expired, where the member's from says. With latest, that is the group's offset"
                            + " from then on, and only one answer says so",
                    requiredMode = Schema.RequiredMode.NOT_REQUIRED)
            ReadResetView reset,

            List<RecordViews.RecordView> records,

            @Schema(example = "2", description = "To commit once the records are processed")
            long next_offset,

            @Schema(example = "42", description = "The offset that the next record gets")
            long high_watermark) {}

    @Schema(name = "ReadReset")
    record ReadResetView(
            @Schema(example = "0") long requested,

            @Schema(example = "1000", description = "Where reading continued")
            long next_offset,

            @Schema(allowableValues = {"offset_expired", "offset_beyond_end"})
            String reason) {}

    static JoinedView of(String group, Joined joined) {
        Assignment assignment = joined.assignment();
        return new JoinedView(
                group,
                assignment.memberId(),
                assignment.epoch(),
                owned(assignment),
                joined.heartbeat().toMillis(),
                joined.sessionTimeout().toMillis());
    }

    static HeartbeatView of(Heartbeat heartbeat) {
        Assignment assignment = heartbeat.assignment();
        return new HeartbeatView(
                assignment.memberId(),
                assignment.epoch(),
                owned(assignment),
                assignment.partitions().stream()
                        .filter(Owned::revoking)
                        .map(owned -> GroupViews.of(owned.name()))
                        .toList(),
                heartbeat.interval().toMillis());
    }

    private static List<OwnedView> owned(Assignment assignment) {
        return assignment.partitions().stream()
                .map(owned -> new OwnedView(
                        owned.name().topic(), owned.name().partition(), owned.epoch(), owned.nextOffset()))
                .toList();
    }
}
