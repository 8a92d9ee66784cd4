package io.millrace.group;

import io.millrace.assignor.AssignorName;
import io.millrace.cluster.Node;
import io.millrace.database.Columns;
import io.millrace.database.Sql;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import java.sql.Array;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.NamedInterface;
import org.springframework.stereotype.Component;

/**
 * The rows of groups, for this package and those below it. Every method joins the caller's transaction, or has one of
 * its own if there is none.
 */
@Component
@NamedInterface("rows")
public class GroupStore {

    private final JdbcClient jdbc;
    private final Node node;
    private final Sql sql = Sql.of(GroupStore.class);

    GroupStore(JdbcClient jdbc, Node node) {
        this.jdbc = jdbc;
        this.node = node;
    }

    /** Creates the group unless it exists. */
    void create(String name) {
        statement("create-group").param("name", name).update();
    }

    /** Locks the group's row until the transaction ends and reads the whole group; empty if there is no such group. */
    Optional<GroupState> lock(String name) {
        if (!GroupName.isStorable(name)) {
            return Optional.empty();
        }
        return statement("lock-group")
                .param("name", name)
                .param("lease_ms", node.lease().toMillis())
                .query((row, _) -> {
                    int id = row.getInt("group_id");
                    return new GroupState(
                            id,
                            AssignorName.of(row.getString("assignor")).orElseThrow(),
                            row.getLong("epoch"),
                            row.getLong("catalogue_version"),
                            members(id),
                            offsets(id));
                })
                .optional();
    }

    public List<Member> members(int groupId) {
        return statement("select-members")
                .param("group_id", groupId)
                .query((row, _) -> new Member(
                        row.getString("member_id"),
                        row.getString("instance_id"),
                        MemberProtocol.of(row.getString("protocol")),
                        row.getString("node_id"),
                        row.getInt("session_timeout_ms"),
                        texts(row.getArray("topics")),
                        row.getLong("epoch"),
                        row.getBoolean("alive")))
                .list();
    }

    public List<GroupOffset> offsets(int groupId) {
        return statement("select-offsets")
                .param("group_id", groupId)
                .query((row, _) -> {
                    Timestamp committed = row.getTimestamp("committed_at");
                    return new GroupOffset(
                            row.getInt("partition_id"),
                            new TopicPartition(row.getString("topic"), row.getInt("partition")),
                            row.getLong("next_offset"),
                            row.getString("metadata"),
                            committed == null ? null : committed.toInstant(),
                            row.getString("owner"),
                            row.getLong("owner_epoch"),
                            row.getObject("revoke_epoch", Long.class));
                })
                .list();
    }

    /** Writes what has changed since {@link #lock}. */
    void save(GroupState group) {
        int id = group.groupId();
        if (group.deleted()) {
            statement("delete-group").param("group_id", id).update();
            return;
        }
        removeMembers(id, group.left());
        for (Member member : group.members()) {
            StartPosition from = group.joinedFrom().get(member.id());
            if (from != null) {
                insert(id, member, from, group.epoch());
            }
        }
        group.detached().forEach(member -> statement("detach-member")
                .param("group_id", id)
                .param("member_id", member)
                .update());
        if (!group.affected().isEmpty()) {
            statement("update-member-epochs")
                    .param("group_id", id)
                    .param("epoch", group.epoch())
                    .param("member_ids", group.affected().toArray(String[]::new))
                    .update();
        }
        saveOffsets(id, group);
        statement("update-group")
                .param("group_id", id)
                .param("assignor", group.assignor().code())
                .param("epoch", group.epoch())
                .param("catalogue_version", group.catalogueVersion())
                .update();
    }

    private void removeMembers(int groupId, Collection<String> members) {
        if (!members.isEmpty()) {
            statement("delete-members")
                    .param("group_id", groupId)
                    .param("member_ids", members.toArray(String[]::new))
                    .update();
        }
    }

    private void insert(int groupId, Member member, StartPosition from, long epoch) {
        statement("insert-member")
                .param("group_id", groupId)
                .param("member_id", member.id())
                .param("instance_id", member.instanceId())
                .param("protocol", member.protocol().code())
                .param("node_id", member.nodeId())
                .param("session_timeout_ms", member.sessionTimeoutMillis())
                .param("topics", member.topics().toArray(String[]::new))
                .param("joined_from", from.text())
                .param("epoch", epoch)
                .update();
    }

    private void saveOffsets(int groupId, GroupState group) {
        if (!group.removed().isEmpty()) {
            statement("delete-offsets")
                    .param("group_id", groupId)
                    .param("partition_ids", group.removed().toArray(Integer[]::new))
                    .update();
        }
        List<GroupOffset> added = group.added();
        if (!added.isEmpty()) {
            statement("insert-offsets")
                    .param("group_id", groupId)
                    .param("partition_ids", Columns.of(added, GroupOffset::partitionId, Integer[]::new))
                    .param("topics", Columns.of(added, offset -> offset.name().topic(), String[]::new))
                    .param(
                            "partitions",
                            Columns.of(added, offset -> offset.name().partition(), Integer[]::new))
                    .param("next_offsets", Columns.of(added, GroupOffset::nextOffset, Long[]::new))
                    .param("owners", Columns.of(added, GroupOffset::owner, String[]::new))
                    .param("owner_epochs", Columns.of(added, GroupOffset::ownerEpoch, Long[]::new))
                    .update();
        }
        List<GroupOffset> changed = group.changed();
        if (!changed.isEmpty()) {
            statement("update-owners")
                    .param("group_id", groupId)
                    .param("partition_ids", Columns.of(changed, GroupOffset::partitionId, Integer[]::new))
                    .param("owners", Columns.of(changed, GroupOffset::owner, String[]::new))
                    .param("owner_epochs", Columns.of(changed, GroupOffset::ownerEpoch, Long[]::new))
                    .param("revoke_epochs", Columns.of(changed, GroupOffset::revokeEpoch, Long[]::new))
                    .update();
        }
        List<GroupOffset> resets = group.resets();
        if (!resets.isEmpty()) {
            statement("update-next-offsets")
                    .param("group_id", groupId)
                    .param("partition_ids", Columns.of(resets, GroupOffset::partitionId, Integer[]::new))
                    .param("next_offsets", Columns.of(resets, GroupOffset::nextOffset, Long[]::new))
                    .update();
        }
    }

    /** The groups that need a change although no call asks for it: members have expired, or topics have changed. */
    List<String> groupsToSettle(long catalogueVersion) {
        return statement("select-groups-to-settle")
                .param("catalogue_version", catalogueVersion)
                .query(String.class)
                .list();
    }

    /** A group's own row. */
    public record GroupRow(int groupId, AssignorName assignor, long epoch, Instant createdAt) {}

    public Optional<GroupRow> find(String name) {
        if (!GroupName.isStorable(name)) {
            return Optional.empty();
        }
        return statement("select-group")
                .param("name", name)
                .query((row, _) -> new GroupRow(
                        row.getInt("group_id"),
                        AssignorName.of(row.getString("assignor")).orElseThrow(),
                        row.getLong("epoch"),
                        row.getTimestamp("created_at").toInstant()))
                .optional();
    }

    boolean exists(String name) {
        return find(name).isPresent();
    }

    private JdbcClient.StatementSpec statement(String name) {
        return jdbc.sql(sql.text(name));
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
