package io.millrace.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** PostgreSQL accepts every named statement on the migrated schema. */
class StatementsIT {

    private static final Path ROOT = Path.of("src/main/resources/io/millrace");
    private static final Pattern NAMED = Pattern.compile("(?<!:):[a-z_]+");
    private static final Pattern POSITION = Pattern.compile("\\$\\d+");
    private static final Pattern COMMENT = Pattern.compile("--.*");

    @Test
    void everyStatementCanBePrepared() throws Exception {
        List<Path> files = statements();
        assertThat(files).hasSizeGreaterThan(5);
        try (Connection connection = migrated();
                Statement statement = connection.createStatement()) {
            int number = 0;
            for (Path file : files) {
                for (String single : singles(file)) {
                    // A create statement cannot be prepared, but explain analyses it too.
                    statement.execute(
                            single.strip().startsWith("create")
                                    ? "explain " + single
                                    : "prepare statement_" + number++ + " as " + positional(single));
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
            for (Path file : statements()) {
                for (String single : singles(file)) {
                    if (single.contains("millrace.now()")) {
                        String positional = positional(single);
                        statement.execute("prepare timed as " + positional);
                        plans.add(file.getFileName() + ": " + plan(statement, "timed", parameters(positional)));
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

    private static String plan(Statement statement, String prepared, int parameters) throws Exception {
        String nulls = String.join(", ", Collections.nCopies(parameters, "null"));
        StringBuilder plan = new StringBuilder();
        try (ResultSet rows = statement.executeQuery(
                "explain (verbose, costs off) execute " + prepared + (parameters == 0 ? "" : "(" + nulls + ")"))) {
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }

    private static int parameters(String positional) {
        return (int) POSITION.matcher(positional).results().count();
    }

    /** A file's statements are sent in one message, but prepared one by one. */
    private static String[] singles(Path file) throws Exception {
        return COMMENT.matcher(Files.readString(file)).replaceAll("").split(";");
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

    private static List<Path> statements() throws Exception {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".sql")).toList();
        }
    }

    private static String positional(String sql) {
        int[] parameter = {0};
        return NAMED.matcher(sql.replace("?", ":p")).replaceAll(_ -> "\\$" + ++parameter[0]);
    }
}
