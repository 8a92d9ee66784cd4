package io.millrace.readme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.event.Acks;
import io.millrace.readme.Page.Answered;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Runs the statements of {@code docs/sql.md} unchanged, on the flights of the examples in one partition. */
class SqlGuideIT {

    private static final Pattern FLIGHT = Pattern.compile(".*\"origin\":\"([A-Z]+)\".*");
    private static final int RECORDS_PER_REQUEST = 1000;

    private static final TestDatabase DATABASE = TestPostgres.newDatabase();

    private static Hub hub;
    private static Connection owner;
    private static List<Answered> statements;

    @BeforeAll
    static void start() throws Exception {
        statements = Page.SQL.answered("sql");
        hub = Hub.start(DATABASE);
        hub.createTopic("flights", 1);
        List<String> flights = Files.readAllLines(Path.of("examples", "flights.ndjson"));
        for (int from = 0; from < flights.size(); from += RECORDS_PER_REQUEST) {
            String records = flights.subList(from, from + RECORDS_PER_REQUEST).stream()
                    .map(flight -> FLIGHT.matcher(flight).replaceAll("{\"key\":\"$1\",\"value\":$0}"))
                    .collect(Collectors.joining(",", "{\"records\":[", "]}"));
            hub.client().records().produce("flights", records.getBytes(StandardCharsets.UTF_8), Acks.LEADER);
        }
        owner = DriverManager.getConnection(DATABASE.jdbcUrl(), DATABASE.username(), DATABASE.password());
    }

    @AfterAll
    static void stop() throws Exception {
        // Roles belong to the server, which other tests share.
        try (Statement statement = owner.createStatement()) {
            statement.execute("drop owned by reports");
            statement.execute("drop role reports");
        } finally {
            owner.close();
            hub.close();
        }
    }

    @Test
    void everyQueryReturnsThePrintedAnswerAlsoToTheRoleForReports() throws SQLException {
        assertThat(statements).filteredOn(this::isQuery).hasSizeGreaterThan(4);
        for (Answered statement : statements) {
            assertThat(run(owner, statement.code())).as(statement.code()).isEqualTo(statement.answer());
        }

        try (Connection reports = DriverManager.getConnection(DATABASE.jdbcUrl(), "reports", "change me")) {
            for (Answered query : statements.stream().filter(this::isQuery).toList()) {
                assertThat(run(reports, query.code())).as(query.code()).isEqualTo(query.answer());
            }
            assertThatThrownBy(() -> run(reports, "select * from millrace.record_batch"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> run(reports, "delete from millrace.committed_offset"))
                    .hasMessageContaining("permission denied");
        }
    }

    private boolean isQuery(Answered statement) {
        return !statement.answer().isEmpty();
    }

    /** The rows, one per line. */
    private static String run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            StringBuilder rows = new StringBuilder();
            if (statement.execute(sql)) {
                ResultSet result = statement.getResultSet();
                int columns = result.getMetaData().getColumnCount();
                while (result.next()) {
                    for (int column = 1; column <= columns; column++) {
                        rows.append(column == 1 ? "" : " | ").append(result.getString(column));
                    }
                    rows.append('\n');
                }
            }
            return rows.toString();
        }
    }
}
