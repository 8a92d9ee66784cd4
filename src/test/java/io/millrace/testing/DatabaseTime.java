package io.millrace.testing;

import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The time of a database, controlled by a test: {@code millrace.now()} is replaced by a function that adds the time it
 * has been advanced by to PostgreSQL's clock. Used by one thread, on a connection that stays open until {@link #close}.
 */
public final class DatabaseTime implements AutoCloseable {

    private final SingleConnectionDataSource connection;
    private final JdbcClient jdbc;

    private DatabaseTime(SingleConnectionDataSource connection) {
        this.connection = connection;
        this.jdbc = JdbcClient.create(connection);
    }

    /** Takes control of the time of a database that a hub has migrated. */
    public static DatabaseTime of(TestDatabase database) {
        DatabaseTime time = new DatabaseTime(
                new SingleConnectionDataSource(database.jdbcUrl(), database.username(), database.password(), true));
        time.jdbc
                .sql("create table public.turned_time as select interval '0' as ahead")
                .update();
        time.jdbc.sql("""
            create or replace function millrace.now() returns timestamptz
            language sql volatile parallel safe
            as 'select clock_timestamp() + ahead from public.turned_time'
            """).update();
        return time;
    }

    public void advance(Duration duration) {
        jdbc.sql("update public.turned_time set ahead = ahead + :millis * interval '1 millisecond'")
                .param("millis", duration.toMillis())
                .update();
    }

    @Override
    public void close() {
        connection.close();
    }
}
