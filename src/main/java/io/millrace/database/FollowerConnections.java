package io.millrace.database;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;

/**
 * A pool of connections to standbys, for reads that need not see the newest records. It exists if
 * {@code millrace.database.follower-reads} is set. The hub starts, and lives, without any standby.
 */
public final class FollowerConnections implements AutoCloseable {

    /** HikariCP's shortest. A reader waits no longer for a standby: the primary has the records, too. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(250);

    /** Fails on a server that has been promoted: its connections leave the pool. */
    private static final String IS_STANDBY = "select 1 / pg_is_in_recovery()::int";

    private static final String INIT = "set application_name = 'millrace follower-reads'; set jit = off; ";

    private final HikariDataSource pool = new HikariDataSource();

    /**
     * @param servers where the standbys are, asked for each connection: ports of embedded ones may change
     * @param size the largest number of connections; none is kept open without use
     */
    FollowerConnections(Supplier<JdbcConnectionDetails> servers, int size) {
        pool.setPoolName("followers");
        pool.setDataSource(new Standbys(servers));
        pool.setMaximumPoolSize(size);
        pool.setMinimumIdle(0);
        pool.setConnectionTimeout(LONGEST_WAIT.toMillis());
        pool.setInitializationFailTimeout(-1);
        pool.setConnectionInitSql(INIT + IS_STANDBY);
        pool.setConnectionTestQuery(IS_STANDBY);
    }

    /** A connection to a standby, to be closed soon. Fails if there is none within 250 ms. */
    public Connection open() throws SQLException {
        return pool.getConnection();
    }

    /** Whether others use all connections: a failure to get one says nothing about the standbys then. */
    public boolean busy() {
        HikariPoolMXBean state = pool.getHikariPoolMXBean();
        return state != null && state.getActiveConnections() >= pool.getMaximumPoolSize();
    }

    @Override
    public void close() {
        pool.close();
    }

    /** Opens connections to any standby among the hosts. */
    private static final class Standbys extends AbstractDriverBasedDataSource {

        private final org.postgresql.Driver driver = new org.postgresql.Driver();
        private final Supplier<JdbcConnectionDetails> servers;

        Standbys(Supplier<JdbcConnectionDetails> servers) {
            this.servers = servers;
        }

        @Override
        protected Connection getConnectionFromDriver(Properties properties) throws SQLException {
            JdbcConnectionDetails details = servers.get();
            set(properties, "user", details.getUsername());
            set(properties, "password", details.getPassword());
            String url = DriverOptions.forFollowers(details.getJdbcUrl());
            Connection connection = driver.connect(url, properties);
            if (connection == null) {
                throw new SQLException("not a PostgreSQL URL: " + url);
            }
            return connection;
        }

        private static void set(Properties properties, String name, @Nullable String value) {
            if (value != null) {
                properties.setProperty(name, value);
            }
        }
    }
}
