package io.millrace.testing;

import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * The time of a database, turned by hand: {@code millrace.now()} is replaced by one that goes ahead of PostgreSQL's
 * clock by what it has been advanced. Safe for any thread.
 */
public final class DatabaseTime {

    private final JdbcClient jdbc;

    private DatabaseTime(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Takes over the time of a database that a hub has migrated. */
    public static DatabaseTime of(TestDatabase database) {
        JdbcClient jdbc = JdbcClient.create(
                new DriverManagerDataSource(database.jdbcUrl(), database.username(), database.password()));
        jdbc.sql("create table public.turned_time as select interval '0' as ahead")
                .update();
        jdbc.sql("""
            create or replace function millrace.now() returns timestamptz
            language sql volatile parallel safe
            as 'select clock_timestamp() + ahead from public.turned_time'
            """).update();
        return new DatabaseTime(jdbc);
    }

    public void advance(Duration duration) {
        jdbc.sql("update public.turned_time set ahead = ahead + :millis * interval '1 millisecond'")
                .param("millis", duration.toMillis())
                .update();
    }
}
