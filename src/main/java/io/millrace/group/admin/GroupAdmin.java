package io.millrace.group.admin;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.event.TopicPartition;
import io.millrace.eventlog.LogReader;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.Partitions;
import io.millrace.group.GroupChanges;
import io.millrace.group.GroupName;
import io.millrace.group.GroupOffset;
import io.millrace.group.GroupState;
import io.millrace.group.GroupStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Groups as operators see them. Blocks; safe for any thread. */
@Component
public class GroupAdmin {

    private final GroupStore store;
    private final AdminStore admin;
    private final GroupChanges changes;
    private final Partitions partitions;
    private final LogReader reader;
    private final Clock clock;

    GroupAdmin(
            GroupStore store,
            AdminStore admin,
            GroupChanges changes,
            Partitions partitions,
            LogReader reader,
            Clock clock) {
        this.store = store;
        this.admin = admin;
        this.changes = changes;
        this.partitions = partitions;
        this.reader = reader;
        this.clock = clock;
    }

    /**
     * The groups whose names begin with a prefix, in the order of their names.
     *
     * @param after where the last page ended, or null for the first page
     * @throws HubException {@link HubError#INVALID_REQUEST} for a prefix or an end that no name could have,
     *     {@link HubError#STORAGE_UNAVAILABLE}
     */
    public GroupPage list(String prefix, int limit, @Nullable String after) {
        checkPart("prefix", prefix);
        checkPart("after", after == null ? "" : after);
        List<GroupSummary> found =
                changes.inTransaction(() -> admin.groups(prefix, limit + 1, after == null ? "" : after));
        if (found.size() <= limit) {
            return new GroupPage(found, null);
        }
        List<GroupSummary> page = List.copyOf(found.subList(0, limit));
        return new GroupPage(page, page.getLast().name());
    }

    /**
     * A group with its members and its lag.
     *
     * @throws HubException {@link HubError#UNKNOWN_GROUP}, {@link HubError#STORAGE_UNAVAILABLE}
     */
    public GroupDescription describe(String group) {
        return changes.inTransaction(() -> {
            GroupStore.GroupRow row = store.find(group).orElseThrow(GroupAdmin::unknown);
            List<GroupOffset> offsets = store.offsets(row.groupId());
            Map<String, List<TopicPartition>> owned = new HashMap<>();
            offsets.forEach(offset -> {
                String owner = offset.owner();
                if (owner != null) {
                    owned.computeIfAbsent(owner, _ -> new ArrayList<>()).add(offset.name());
                }
            });
            List<MemberDescription> members = store.members(row.groupId()).stream()
                    .map(member -> new MemberDescription(
                            member.id(),
                            member.instanceId(),
                            member.protocol(),
                            member.topics(),
                            member.epoch(),
                            owned.getOrDefault(member.id(), List.of())))
                    .toList();
            boolean moving = offsets.stream().anyMatch(offset -> offset.revokeEpoch() != null);
            return new GroupDescription(
                    group,
                    GroupDescription.State.of(members.size(), moving),
                    row.epoch(),
                    row.assignor(),
                    row.createdAt(),
                    members,
                    lags(offsets));
        });
    }

    private List<OffsetLag> lags(List<GroupOffset> offsets) {
        Map<Integer, PartitionBounds> bounds =
                partitions.bounds(offsets.stream().map(GroupOffset::partitionId).toList());
        Map<Integer, Long> behind = new HashMap<>();
        for (GroupOffset offset : offsets) {
            PartitionBounds inside = bounds.get(offset.partitionId());
            if (inside != null && offset.nextOffset() < inside.nextOffset()) {
                behind.put(offset.partitionId(), Math.max(offset.nextOffset(), inside.startOffset()));
            }
        }
        Map<Integer, Long> timestamps = reader.timestamps(behind);
        long now = clock.millis();
        List<OffsetLag> lags = new ArrayList<>();
        for (GroupOffset offset : offsets) {
            PartitionBounds inside = bounds.get(offset.partitionId());
            if (inside != null) { // else its topic is gone
                Long first = behind.get(offset.partitionId());
                Long timestamp = timestamps.get(offset.partitionId());
                lags.add(new OffsetLag(
                        offset,
                        inside.nextOffset(),
                        first == null ? 0 : inside.nextOffset() - first,
                        timestamp == null ? 0 : Math.max(0, now - timestamp)));
            }
        }
        return lags;
    }

    /**
     * Forgets a group and its offsets.
     *
     * @throws HubException {@link HubError#UNKNOWN_GROUP}, {@link HubError#GROUP_NOT_EMPTY},
     *     {@link HubError#STORAGE_UNAVAILABLE}, {@link HubError#OUTCOME_UNKNOWN}
     */
    public void delete(String group) {
        GroupChanges.await(changes.make(group, false, GroupState::delete));
    }

    /**
     * Moves a group to other offsets. Members are given the partitions anew, at the new offsets; what they had received
     * from the old ones and commit afterwards is refused.
     *
     * @param dryRun whether nothing is to be changed
     * @return what was moved, or would be, in the order of topic and number
     * @throws HubException {@link HubError#UNKNOWN_GROUP}, {@link HubError#INVALID_REQUEST} if the group has no offset
     *     for something that is named, {@link HubError#STORAGE_UNAVAILABLE}, {@link HubError#OUTCOME_UNKNOWN}
     */
    public List<ResetOffset> reset(String group, ResetScope scope, ResetTarget target, boolean dryRun) {
        if (dryRun) {
            return changes.inTransaction(() -> {
                GroupStore.GroupRow row = store.find(group).orElseThrow(GroupAdmin::unknown);
                return targets(store.offsets(row.groupId()), scope, target);
            });
        }
        List<ResetOffset> moved = new ArrayList<>();
        GroupChanges.await(changes.make(group, false, state -> {
            moved.clear();
            moved.addAll(targets(state.offsets(), scope, target));
            Map<TopicPartition, Long> after = new HashMap<>();
            moved.forEach(reset -> after.put(reset.name(), reset.after()));
            Map<Integer, Long> byId = new HashMap<>();
            state.offsets().forEach(offset -> {
                Long to = after.get(offset.name());
                if (to != null) {
                    byId.put(offset.partitionId(), to);
                }
            });
            state.reset(byId);
        }));
        return moved;
    }

    private List<ResetOffset> targets(Collection<GroupOffset> all, ResetScope scope, ResetTarget target) {
        scope.checkKnown(all);
        List<GroupOffset> offsets =
                all.stream().filter(offset -> scope.contains(offset.name())).toList();
        Map<Integer, PartitionBounds> bounds =
                partitions.bounds(offsets.stream().map(GroupOffset::partitionId).toList());
        List<ResetOffset> moves = new ArrayList<>();
        for (GroupOffset offset : offsets) {
            PartitionBounds inside = bounds.get(offset.partitionId());
            if (inside != null) {
                long to = Math.clamp(target(offset, inside, target), inside.startOffset(), inside.nextOffset());
                moves.add(new ResetOffset(offset.name(), offset.nextOffset(), to));
            }
        }
        return moves;
    }

    private static void checkPart(String parameter, String value) {
        if (!GroupName.isPart(value)) {
            String detail = parameter + " must be a part of a group name: " + GroupName.RULE;
            throw new HubException(
                    HubError.INVALID_REQUEST, new Place.Parameter(parameter), "invalid_parameter", detail);
        }
    }

    private long target(GroupOffset offset, PartitionBounds bounds, ResetTarget target) {
        return switch (target) {
            case ResetTarget.Earliest _ -> bounds.startOffset();
            case ResetTarget.Latest _ -> bounds.nextOffset();
            case ResetTarget.Offset exact -> exact.nextOffset();
            case ResetTarget.Timestamp at -> reader.offsetOf(offset.partitionId(), at.timestamp(), bounds);
            case ResetTarget.Shift shift -> saturatedSum(offset.nextOffset(), shift.records());
        };
    }

    private static long saturatedSum(long offset, long shift) {
        long sum = offset + shift;
        return shift > 0 && sum < offset ? Long.MAX_VALUE : sum;
    }

    private static HubException unknown() {
        return new HubException(HubError.UNKNOWN_GROUP, "there is no group of that name");
    }
}
