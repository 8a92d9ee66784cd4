package io.millrace.rest;

import io.millrace.apidocs.SentByClient;
import io.millrace.event.TopicPartition;
import io.millrace.group.admin.GroupDescription;
import io.millrace.group.admin.GroupPage;
import io.millrace.group.admin.MemberDescription;
import io.millrace.group.admin.OffsetLag;
import io.millrace.group.admin.ResetOffset;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Groups as operators see them; {@link MemberViews} is for their members. */
final class GroupViews {

    private GroupViews() {}

    @Schema(name = "GroupList")
    record ListView(
            List<SummaryView> groups,

            @Schema(description = "The parameter after of the next page; null on the last page") @Nullable
            String next) {}

    @Schema(name = "GroupSummary")
    record SummaryView(
            @Schema(example = "billing") String group,

            @Schema(allowableValues = {"empty", "rebalancing", "stable"})
            String state,

            @Schema(example = "7", description = "Rises with every change of the assignment")
            long epoch,

            @Schema(example = "2") int members) {}

    @Schema(name = "Group")
    record GroupView(
            @Schema(example = "billing") String group,

            @Schema(allowableValues = {"empty", "rebalancing", "stable"})
            String state,

            @Schema(example = "7", description = "Rises with every change of the assignment")
            long epoch,

            @Schema(allowableValues = {"sticky", "range", "round_robin"})
            String assignor,

            Instant created_at,
            List<MemberView> members,
            List<OffsetView> offsets,

            @Schema(example = "12", description = "Of all partitions")
            long lag,

            @Schema(example = "340", description = "Of the partition that is furthest behind in time")
            long lag_ms) {}

    @Schema(name = "GroupMember")
    record MemberView(
            @Schema(example = MEMBER_ID) String member_id,

            @Schema(description = "Of a static member") @Nullable
            String instance_id,

            @Schema(allowableValues = {"rest", "websocket", "sse"})
            String protocol,

            @Schema(example = "[\"flights\"]", description = "Names and patterns that it subscribes to")
            List<String> topics,

            @Schema(example = "7", description = "Of the last change of its assignment")
            long epoch,

            List<PartitionView> assignment,

            @Schema(description = "Whether it owns no partition, as when there are more members than partitions")
            boolean idle) {}

    @Schema(name = "GroupPartition")
    record PartitionView(
            @Schema(example = "flights") String topic,
            @Schema(example = "0") int partition) {}

    @Schema(name = "GroupOffset")
    record OffsetView(
            @Schema(example = "flights") String topic,
            @Schema(example = "0") int partition,

            @Schema(example = "30", description = "The next offset to read")
            long next_offset,

            @Schema(example = "42", description = "The end of the partition")
            long end_offset,

            @Schema(example = "12", description = "Records that the group has not committed")
            long lag,

            @Schema(example = "340", description = "How long ago the first of them was produced")
            long lag_ms,

            @Schema(description = "What the member committed with the offset") @Nullable
            String metadata,

            @Schema(description = "Null if nothing was committed: the group begins at next_offset") @Nullable
            Instant committed_at,

            @Schema(description = "The member that owns the partition") @Nullable
            String member_id) {}

    @Schema(name = "GroupOffsets")
    record OffsetsView(@Schema(example = "billing") String group, List<OffsetView> offsets) {}

    @Schema(name = "ResetRequest")
    record ResetRequest(
            @Schema(
                    implementation = Object.class,
                    example = "{\"offset\": 0}",
                    description =
                            "earliest, latest, {\"offset\": n}, {\"timestamp\": ms}, or {\"shift\": n} for n records"
                                    + " forward, or back if negative. An offset outside the partition means its nearer"
                                    + " end")
            Object to,

            @Schema(
                    example = "[\"flights\"]",
                    description = "All partitions of these topics; all of the group if neither field is given")
            @Nullable
            List<String> topics,

            @Schema(description = "These partitions, too") @Nullable
            List<NamedPartitionView> partitions)
            implements SentByClient {}

    @Schema(name = "NamedPartition")
    record NamedPartitionView(
            @Schema(example = "flights") String topic,
            @Schema(example = "0", minimum = "0") int partition) implements SentByClient {}

    @Schema(name = "ResetResult")
    record ResetView(@Schema(example = "billing") String group, boolean dry_run, List<MovedView> offsets) {}

    @Schema(name = "MovedOffset")
    record MovedView(
            @Schema(example = "flights") String topic,
            @Schema(example = "0") int partition,
            @Schema(example = "30") long before,
            @Schema(example = "0") long after) {}

    static final String MEMBER_ID = "0198c0de-7a11-4c3e-9d2f-5b6a7c8d9e0f";

    static ListView of(GroupPage page) {
        return new ListView(
                page.groups().stream()
                        .map(group ->
                                new SummaryView(group.name(), state(group.state()), group.epoch(), group.members()))
                        .toList(),
                page.next());
    }

    static GroupView of(GroupDescription group) {
        return new GroupView(
                group.name(),
                state(group.state()),
                group.epoch(),
                group.assignor().code(),
                group.createdAt(),
                group.members().stream().map(GroupViews::of).toList(),
                offsets(group.offsets()),
                group.offsets().stream().mapToLong(OffsetLag::lag).sum(),
                group.offsets().stream().mapToLong(OffsetLag::lagMillis).max().orElse(0));
    }

    static OffsetsView offsets(GroupDescription group) {
        return new OffsetsView(group.name(), offsets(group.offsets()));
    }

    static ResetView of(String group, boolean dryRun, List<ResetOffset> moved) {
        return new ResetView(
                group,
                dryRun,
                moved.stream()
                        .map(offset -> new MovedView(
                                offset.name().topic(), offset.name().partition(), offset.before(), offset.after()))
                        .toList());
    }

    private static MemberView of(MemberDescription member) {
        return new MemberView(
                member.memberId(),
                member.instanceId(),
                member.protocol().code(),
                member.topics(),
                member.epoch(),
                member.partitions().stream().map(GroupViews::of).toList(),
                member.partitions().isEmpty());
    }

    private static List<OffsetView> offsets(List<OffsetLag> lags) {
        return lags.stream()
                .map(lag -> new OffsetView(
                        lag.offset().name().topic(),
                        lag.offset().name().partition(),
                        lag.offset().nextOffset(),
                        lag.endOffset(),
                        lag.lag(),
                        lag.lagMillis(),
                        lag.offset().metadata(),
                        lag.offset().committedAt(),
                        lag.offset().owner()))
                .toList();
    }

    static PartitionView of(TopicPartition name) {
        return new PartitionView(name.topic(), name.partition());
    }

    private static String state(GroupDescription.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
