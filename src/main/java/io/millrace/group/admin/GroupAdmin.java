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
import io.millrace.security.Access;
import io.millrace.security.Caller;
import io.millrace.security.Listing;
import io.millrace.security.Permission;
import io.millrace.security.Permission.Operation;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Groups as operators see them, for every protocol: each call checks what the caller may do, and fails as
 * {@link Access} does. Blocks; safe for any thread.
 */
@Component
public class GroupAdmin {

    private final GroupStore store;
    private final AdminStore admin;
    private final GroupChanges changes;
    private final Partitions partitions;
    private final LogReader reader;
    private final Clock clock;
    private final Access access;

    GroupAdmin(
            GroupStore store,
            AdminStore admin,
            GroupChanges changes,
            Partitions partitions,
            LogReader reader,
            Clock clock,
            Access access) {
        this.store = store;
        this.admin = admin;
        this.changes = changes;
        this.partitions = partitions;
        this.reader = reader;
        this.clock = clock;
        this.access = access;
    }

    /**
     * The groups whose names begin with a prefix, in the order of their names, as far as the caller may describe them.
     *
     * @param after where the last page ended, or null for the first page
     * @throws HubException {@link HubError#INVALID_REQUEST} for a {@code prefix} or {@code after} with which no name
     *     could begin, {@link HubError#STORAGE_UNAVAILABLE}
     */
    public GroupPage list(Caller caller, String prefix, int limit, @Nullable String after) {
        String begin = after == null ? "" : after;
        checkPart("prefix", prefix);
        checkPart("after", begin);
        Listing.Page<GroupSummary> page = Listing.page(
                limit,
                begin,
                (from, most) -> changes.inTransaction(() -> admin.groups(prefix, most, from)),
                GroupSummary::name,
                name -> access.allows(caller, Permission.group(Operation.DESCRIBE, name)));
        return new GroupPage(page.rows(), page.next());
    }

    /**
     * A group with its members and its lag, without topics that the caller may not describe.
     *
     * @throws HubException {@link HubError#UNKNOWN_GROUP}, {@link HubError#STORAGE_UNAVAILABLE}
     */
    public GroupDescription describe(Caller caller, String group) {
        access.check(caller, Permission.group(Operation.DESCRIBE, group));
        return changes.inTransaction(() -> {
            GroupStore.GroupRow row = store.find(group).orElseThrow(GroupName::unknown);
            Predicate<String> visible = topic -> access.allows(caller, Permission.topic(Operation.DESCRIBE, topic));
            List<GroupOffset> offsets = store.offsets(row.groupId()).stream()
                    .filter(offset -> visible.test(offset.name().topic()))
                    .toList();
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
                            member.topics().stream().filter(visible).toList(),
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
            if (inside != null && offset.nextOffset() < inside.readable()) {
                behind.put(offset.partitionId(), Math.max(offset.nextOffset(), inside.start()));
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
                        inside.end(),
                        first == null ? 0 : inside.readable() - first,
                        timestamp == null ? 0 : Math.max(0, now - timestamp)));
            }
        }
        return lags;
    }

    /**
     * Deletes a group with its offsets.
     *
     * @throws HubException {@link HubError#UNKNOWN_GROUP}, {@link HubError#GROUP_NOT_EMPTY},
     *     {@link HubError#STORAGE_UNAVAILABLE}, {@link HubError#OUTCOME_UNKNOWN}
     */
    public void delete(Caller caller, String group) {
        access.check(caller, Permission.group(Operation.DELETE, group));
        GroupChanges.await(changes.make(group, false, GroupState::delete));
    }

    /**
     * Moves a group to other offsets, which takes what committing takes: to read the group and its topics. Members are
     * given the partitions anew, at the new offsets and with a new epoch; later commits with the old epoch are refused.
     *
     * @param dryRun whether nothing is to be changed
     * @return what was moved, or would be, in the order of topic and number
     * @throws HubException {@link HubError#UNKNOWN_GROUP}, {@link HubError#INVALID_REQUEST} if the scope names a topic
     *     or partition for which the group has no offset, {@link HubError#STORAGE_UNAVAILABLE},
     *     {@link HubError#OUTCOME_UNKNOWN}
     */
    public List<ResetOffset> reset(Caller caller, String group, ResetScope scope, ResetTarget target, boolean dryRun) {
        access.check(caller, Permission.group(Operation.RESET, group));
        if (dryRun) {
            return changes.inTransaction(() -> {
                GroupStore.GroupRow row = store.find(group).orElseThrow(GroupName::unknown);
                return targets(caller, store.offsets(row.groupId()), scope, target);
            });
        }
        List<ResetOffset> moved = new ArrayList<>();
        GroupChanges.await(changes.make(group, false, state -> {
            moved.clear();
            moved.addAll(targets(caller, state.offsets(), scope, target));
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

    private List<ResetOffset> targets(
            Caller caller, Collection<GroupOffset> all, ResetScope scope, ResetTarget target) {
        scope.checkKnown(all);
        List<GroupOffset> offsets =
                all.stream().filter(offset -> scope.contains(offset.name())).toList();
        offsets.stream()
                .map(offset -> offset.name().topic())
                .distinct()
                .forEach(topic -> access.check(caller, Permission.topic(Operation.READ, topic)));
        Map<Integer, PartitionBounds> bounds =
                partitions.bounds(offsets.stream().map(GroupOffset::partitionId).toList());
        List<ResetOffset> moves = new ArrayList<>();
        for (GroupOffset offset : offsets) {
            PartitionBounds inside = bounds.get(offset.partitionId());
            if (inside != null) {
                long to = Math.clamp(target(offset, inside, target), inside.start(), inside.readable());
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
            case ResetTarget.Earliest _ -> bounds.start();
            case ResetTarget.Latest _ -> bounds.readable();
            case ResetTarget.Offset exact -> exact.nextOffset();
            case ResetTarget.Timestamp at -> reader.offsetOf(offset.partitionId(), at.timestamp(), bounds);
            case ResetTarget.Shift shift -> saturatedSum(offset.nextOffset(), shift.records());
        };
    }

    private static long saturatedSum(long offset, long shift) {
        long sum = offset + shift;
        return shift > 0 && sum < offset ? Long.MAX_VALUE : sum;
    }
}
