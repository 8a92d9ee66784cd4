package io.millrace.eventlog;

import io.millrace.replication.FakeReplicas;
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

    /** With standbys that the test controls. */
    public static HighWatermarks on(Replication replication) {
        return new HighWatermarks(replication, JdbcClient.create(new DriverManagerDataSource()), Ticker.SYSTEM);
    }
}
