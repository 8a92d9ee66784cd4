package io.millrace.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** Every named statement is one that PostgreSQL accepts on the migrated schema. */
class StatementsIT {

    private static final Path ROOT = Path.of("src/main/resources/io/millrace");
    private static final Pattern NAMED = Pattern.compile("(?<!:):[a-z_]+");
    private static final Pattern COMMENT = Pattern.compile("--.*");

    @Test
    void everyStatementCanBePrepared() throws Exception {
        TestDatabase database = TestPostgres.newDatabase();
        Flyway.configure()
                .dataSource(database.jdbcUrl(), database.username(), database.password())
                .schemas("millrace")
                .defaultSchema("millrace")
                .load()
                .migrate();
        List<Path> files = statements();
        assertThat(files).hasSizeGreaterThan(5);
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
                Statement statement = connection.createStatement()) {
            int number = 0;
            for (Path file : files) {
                // Several go in one message and are prepared one by one.
                for (String single :
                        COMMENT.matcher(Files.readString(file)).replaceAll("").split(";")) {
                    // What creates cannot be prepared, but explained it is analysed as well.
                    statement.execute(
                            single.strip().startsWith("create")
                                    ? "explain " + single
                                    : "prepare statement_" + number++ + " as " + positional(single));
                }
            }
        }
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
