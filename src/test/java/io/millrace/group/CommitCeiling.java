package io.millrace.group;

import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Measures commits of offsets by one node, and what they leave behind in the table: every partition's consumer commits
 * again as soon as its last commit was stored. Run it by hand: {@code main}, with the partitions and the commits of
 * each.
 */
final class CommitCeiling {

    private static final String TOPIC = "ceiling";

    private CommitCeiling() {}

    static void main(String[] arguments) throws Exception {
        int partitions = arguments.length < 1 ? 1000 : Integer.parseInt(arguments[0]);
        int each = arguments.length < 2 ? 1000 : Integer.parseInt(arguments[1]);
        TestDatabase database = TestPostgres.newDatabase();
        Hub hub = Hub.start(database);
        hub.createTopic(TOPIC, partitions);
        Membership member = hub.bean(Groups.class)
                .join(
                        new JoinRequest(
                                TOPIC,
                                MemberProtocol.WEBSOCKET,
                                List.of(TOPIC),
                                new StartPosition.Earliest(),
                                null,
                                null,
                                null),
                        () -> {});
        try (Connection connection =
                DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password())) {
            System.out.println("before: " + table(connection));
            long began = System.nanoTime();
            CountDownLatch left = new CountDownLatch(partitions);
            for (Owned owned : member.assignment().partitions()) {
                commit(member, owned.name(), 1, each, left);
            }
            left.await();
            double took = (System.nanoTime() - began) / 1e9;
            System.out.printf("%.0f commits/s, %.1f s%n", partitions * (double) each / took, took);
            // PostgreSQL tells of its counters a second late.
            Thread.sleep(2000);
            System.out.println("after:  " + table(connection));
        }
        System.exit(0);
    }

    private static void commit(Membership member, TopicPartition partition, long next, int last, CountDownLatch left) {
        member.commit(List.of(new OffsetCommit(partition, next, null))).whenComplete((_, failure) -> {
            if (failure != null) {
                System.out.println("failed: " + failure);
            }
            if (next == last || failure != null) {
                left.countDown();
            } else {
                commit(member, partition, next + 1, last, left);
            }
        });
    }

    private static String table(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select pg_table_size(relid) || ' bytes, indexes ' || pg_indexes_size(relid) || ' bytes; '"
                                + " || n_tup_upd || ' updates, of them HOT ' || n_tup_hot_upd || '; dead '"
                                + " || n_dead_tup || ', vacuumed ' || autovacuum_count"
                                + " from pg_stat_user_tables where relname = 'committed_offset'")) {
            row.next();
            return row.getString(1);
        }
    }
}
