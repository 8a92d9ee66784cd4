package io.millrace.group;

import io.millrace.database.Sql;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What members own and whether they live, read without the lock of their groups. Every method joins the caller's
 * transaction, or has one of its own if there is none.
 */
@Component
class MemberStore {

    private final JdbcClient jdbc;
    private final Sql sql = Sql.of(MemberStore.class);

    MemberStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A member that a node serves, by its row. */
    record Served(String group, String memberId) {}

    /** The members that a node serves, as their rows say. */
    List<Served> served(String nodeId) {
        return statement("select-served")
                .param("node_id", nodeId)
                .query((row, _) -> new Served(row.getString("name"), row.getString("member_id")))
                .list();
    }

    /** The epochs of members, by id; members that are gone are left out. */
    Map<String, Long> memberEpochs(Collection<Integer> groupIds, Collection<String> memberIds) {
        Map<String, Long> epochs = new HashMap<>();
        statement("select-member-epochs")
                .param("group_ids", groupIds.toArray(Integer[]::new))
                .param("member_ids", memberIds.toArray(String[]::new))
                .query((row, _) -> epochs.put(row.getString("member_id"), row.getLong("epoch")))
                .list();
        return epochs;
    }

    /** What a node's members in some groups own, by member id; members that were expelled are left out. */
    Map<String, Assignment> owned(String nodeId, Collection<Integer> groupIds) {
        AssignmentRows rows = new AssignmentRows();
        statement("select-owned")
                .param("node_id", nodeId)
                .param("group_ids", groupIds.toArray(Integer[]::new))
                .query((row, _) -> rows.add(row))
                .list();
        return rows.assignments();
    }

    /** What one member owns; empty if it does not belong to the group. */
    Optional<Assignment> assignment(String group, String memberId) {
        if (!GroupName.isStorable(group) || !GroupName.isStorable(memberId)) {
            return Optional.empty();
        }
        AssignmentRows rows = new AssignmentRows();
        statement("select-member")
                .param("name", group)
                .param("member_id", memberId)
                .query((row, _) -> rows.add(row))
                .list();
        return Optional.ofNullable(rows.assignments().get(memberId));
    }

    /**
     * @param epoch the member's
     * @param toldEpoch the last that it had been told before this call
     * @param connected whether a node serves its connection
     */
    record Touched(int groupId, long epoch, long toldEpoch, int sessionTimeoutMillis, boolean connected) {}

    /** Extends the session of a member without a connection; empty if the member no longer belongs to the group. */
    Optional<Touched> touch(String group, String memberId, long extraMillis) {
        if (!GroupName.isStorable(group) || !GroupName.isStorable(memberId)) {
            return Optional.empty();
        }
        return statement("touch-member")
                .param("name", group)
                .param("member_id", memberId)
                .param("extra_ms", extraMillis)
                .query((row, _) -> new Touched(
                        row.getInt("group_id"),
                        row.getLong("epoch"),
                        row.getLong("told_epoch"),
                        row.getInt("session_timeout_ms"),
                        row.getBoolean("connected")))
                .optional();
    }

    private JdbcClient.StatementSpec statement(String name) {
        return jdbc.sql(sql.text(name));
    }

    /** Gathers the rows of members with what they own. */
    private static final class AssignmentRows {

        /** A member without what it owns. */
        private record Row(int groupId, long epoch, StartPosition from) {}

        private final Map<String, Row> members = new HashMap<>();
        private final Map<String, List<Owned>> owned = new HashMap<>();

        boolean add(ResultSet row) throws SQLException {
            String member = row.getString("member_id");
            members.put(
                    member,
                    new Row(
                            row.getInt("group_id"),
                            row.getLong("epoch"),
                            StartPosition.parse(row.getString("joined_from")).orElseThrow()));
            List<Owned> partitions = owned.computeIfAbsent(member, _ -> new ArrayList<>());
            String topic = row.getString("topic");
            if (topic != null) {
                row.getLong("revoke_epoch");
                boolean revoking = !row.wasNull();
                partitions.add(new Owned(
                        new TopicPartition(topic, row.getInt("partition")),
                        row.getInt("partition_id"),
                        row.getLong("owner_epoch"),
                        row.getLong("next_offset"),
                        revoking));
            }
            return true;
        }

        Map<String, Assignment> assignments() {
            Map<String, Assignment> assignments = new HashMap<>();
            members.forEach((id, member) -> assignments.put(
                    id,
                    new Assignment(
                            member.groupId(), id, member.epoch(), member.from(), owned.getOrDefault(id, List.of()))));
            return assignments;
        }
    }
}
