package io.millrace.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.SqlFiles;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** PostgreSQL accepts every named statement on the migrated schema. */
class StatementsIT {

    @Test
    void everyStatementCanBePrepared() throws Exception {
        List<Path> files = SqlFiles.all();
        assertThat(files).hasSizeGreaterThan(5);
        try (Connection connection = migrated();
                Statement statement = connection.createStatement()) {
            int number = 0;
            for (Path file : files) {
                for (String single : SqlFiles.statements(Files.readString(file))) {
                    // A create statement cannot be prepared, but explain analyses it too.
                    statement.execute(
                            single.strip().startsWith("create")
                                    ? "explain " + single
                                    : "prepare statement_" + number++ + " as " + SqlFiles.positional(single));
                }
            }
        }
    }

    /** The function is inlined: letting tests replace the time costs nothing. */
    @Test
    void plansInlineTheTimeFunction() throws Exception {
        List<String> plans = new ArrayList<>();
        try (Connection connection = migrated();
                Statement statement = connection.createStatement()) {
            statement.execute("set plan_cache_mode = force_generic_plan");
            for (Path file : SqlFiles.all()) {
                for (String single : SqlFiles.statements(Files.readString(file))) {
                    if (single.contains("millrace.now()")) {
                        String positional = SqlFiles.positional(single);
                        statement.execute("prepare timed as " + positional);
                        plans.add(file.getFileName() + ": " + plan(statement, positional));
                        statement.execute("deallocate timed");
                    }
                }
            }
        }

        assertThat(plans).hasSizeGreaterThan(8).noneMatch(plan -> plan.contains("now()"));
        assertThat(plans)
                .filteredOn(plan -> plan.startsWith("append-batches.sql"))
                .singleElement()
                .asString()
                .contains("clock_timestamp()");
    }

    private static String plan(Statement statement, String positional) throws SQLException {
        String nulls = String.join(", ", Collections.nCopies(SqlFiles.parameters(positional), "null"));
        return SqlFiles.plan(statement, "verbose, costs off", "timed", nulls);
    }

    private static Connection migrated() throws Exception {
        TestDatabase database = TestPostgres.newDatabase();
        Flyway.configure()
                .dataSource(database.jdbcUrl(), database.username(), database.password())
                .schemas("millrace")
                .defaultSchema("millrace")
                .load()
                .migrate();
        return DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
    }
}
