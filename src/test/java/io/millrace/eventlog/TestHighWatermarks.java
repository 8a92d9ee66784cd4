package io.millrace.eventlog;

import io.millrace.replication.FakeReplicas;
import io.millrace.replication.Leader;
import io.millrace.replication.Replication;
import io.millrace.time.Ticker;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** High watermarks that are not saved. */
public final class TestHighWatermarks {

    private TestHighWatermarks() {}

    /** For partitions that ask for one copy. */
    public static HighWatermarks unused() {
        return on(new FakeReplicas().replication());
    }

    /** With standbys that the test controls, in epoch 0 of {@link FakeReplicas#LEADER}. */
    public static HighWatermarks on(Replication replication) {
        HighWatermarks highWatermarks =
                new HighWatermarks(replication, JdbcClient.create(new DriverManagerDataSource()), Ticker.SYSTEM);
        highWatermarks.leads(0, FakeReplicas.LEADER);
        return highWatermarks;
    }

    /** Readers have been told of a leader's epoch. */
    public static void leads(HighWatermarks highWatermarks, int epoch, Leader leader) {
        highWatermarks.leads(epoch, leader);
    }
}
