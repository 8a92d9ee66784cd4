package io.millrace.cluster;

import io.millrace.database.Sql;
import io.millrace.database.Transactions;
import io.millrace.replication.LeaderEpoch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of nodes in the database. */
final class NodeStore implements Node.Rows {

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final Sql sql = Sql.of(NodeStore.class);

    NodeStore(JdbcClient jdbc, Transactions transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @Override
    public long renew(String name, @Nullable String address, Duration lease) {
        return transactions.write(() -> jdbc.sql(sql.text("renew-lease"))
                .param("node_id", name)
                .param("address", address)
                .param("lease_ms", lease.toMillis())
                .query(Long.class)
                .single());
    }

    @Override
    public void delete(String name) {
        transactions.write(
                () -> jdbc.sql(sql.text("delete-node")).param("node_id", name).update());
    }

    @Override
    public void forgetDead() {
        transactions.write(() -> jdbc.sql(sql.text("delete-dead-nodes")).update());
    }

    /** The nodes that live, in the order in which they started. */
    List<NodeRow> live() {
        return transactions.read(() -> jdbc.sql(sql.text("select-live-nodes"))
                .query((row, _) -> new NodeRow(
                        row.getString("node_id"),
                        row.getString("address"),
                        row.getTimestamp("started_at").toInstant(),
                        row.getTimestamp("lease_until").toInstant()))
                .list());
    }

    /** The last leader epoch that has begun. */
    Optional<LeaderEpoch> leaderEpoch() {
        return transactions.read(() -> LeaderEpoch.last(jdbc));
    }
}
