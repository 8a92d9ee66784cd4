package io.millrace.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

class TestPostgresIT {

    @Test
    void everyDatabaseIsNew() throws Exception {
        TestDatabase first = TestPostgres.newDatabase();
        TestDatabase second = TestPostgres.newDatabase();

        query(first, "create table t as select 1 as one; select 1");

        assertThat(query(first, "select count(*) from pg_class where relname = 't'"))
                .isEqualTo("1");
        assertThat(query(second, "select count(*) from pg_class where relname = 't'"))
                .isEqualTo("0");
    }

    @Test
    void theServerIsTunedAndSafe() throws Exception {
        TestDatabase database = TestPostgres.newDatabase();

        assertThat(query(database, """
            select string_agg(name || '=' || current_setting(name), ' ' order by name) from pg_settings
            where name in ('fsync', 'jit', 'data_checksums', 'listen_addresses', 'max_wal_size', 'log_timezone',
                           'server_encoding', 'unix_socket_directories', 'io_method')
            """))
                .isEqualTo("data_checksums=on fsync=on io_method=sync jit=off"
                        + " listen_addresses=127.0.0.1 log_timezone=UTC max_wal_size=4GB server_encoding=UTF8"
                        + " unix_socket_directories=");
        assertThat(query(database, "select string_agg(distinct auth_method, ',') from pg_hba_file_rules"))
                .isEqualTo("scram-sha-256");
        assertThat(query(database, "select count(*) from pg_file_settings where error is not null"))
                .isEqualTo("0");
    }

    @Test
    @EnabledIf("io.millrace.testing.DebianPostgres#installed")
    void theOldestSupportedVersionRunsTheSameWay() throws Exception {
        TestDatabase database = DebianPostgres.newDatabase();

        assertThat(query(database, "show server_version")).startsWith("15.");
        assertThat(query(database, "select count(*) from pg_file_settings where error is not null"))
                .isEqualTo("0");
    }

    private static String query(TestDatabase database, String sql) throws Exception {
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
                Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(sql);
            while (!rows) {
                rows = statement.getMoreResults();
            }
            try (ResultSet result = statement.getResultSet()) {
                result.next();
                return result.getString(1);
            }
        }
    }
}
