package io.millrace.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.client.EventStream;
import io.millrace.client.RecordCalls.Following;
import io.millrace.client.RefusedException;
import io.millrace.client.message.Frame;
import io.millrace.edge.HttpStatuses;
import io.millrace.event.Acks;
import io.millrace.event.HubError;
import io.millrace.event.StartPosition;
import io.millrace.group.Groups;
import io.millrace.group.JoinRequest;
import io.millrace.group.MemberProtocol;
import io.millrace.testing.Certificates;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code docs/operations.md} names only existing things, and its number of connections is right. */
class OperationsPageIT {

    private static final String POOL = "spring.datasource.hikari.maximum-pool-size";
    private static final String LANES = "millrace.append.lanes";
    private static final Map<String, String> NOT_THE_DEFAULTS = Map.of(POOL, "5", LANES, "3");
    private static final String ROLLER = "millrace segment-roller";
    private static final String CLEANER = "millrace segment-cleaner";
    private static final byte[] A_RECORD = "{\"records\":[{\"value\":1}]}".getBytes(StandardCharsets.UTF_8);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Prometheus itself adds these to what it scrapes. */
    private static final String SCRAPED = "up";

    private static final Set<String> LABELS_OF_SCRAPES = Set.of("job", "instance");

    private static final TestDatabase DATABASE = TestPostgres.newDatabase();

    private static OperationsPage page;
    private static Hub hub;
    private static Connection operator;

    @BeforeAll
    static void start() throws Exception {
        page = OperationsPage.read();
        String certificate = Certificates.authority().getCertificatePEM();
        hub = Hub.start(
                DATABASE,
                POOL + "=" + used(POOL),
                LANES + "=" + used(LANES),
                "millrace.segment.max-age=1s",
                "millrace.segment.check-interval=100ms",
                "millrace.groups.lag-interval=100ms",
                "spring.ssl.bundle.pem.other.keystore.certificate=" + certificate,
                "management.endpoints.web.exposure.include=" + exposed());
        operator = connection();
    }

    @AfterAll
    static void stop() throws SQLException {
        operator.close();
        hub.close();
    }

    @Test
    void everySettingExistsAndEveryOtherNameIsInTheSchema() throws Exception {
        Set<String> settings = settings().keySet();
        for (String name : page.names()) {
            if (!settings.contains(name)) {
                assertThat(one("select to_regclass('" + name + "')")).as(name).isNotEqualTo("null");
            }
        }
        assertThat(settings).containsAnyElementsOf(page.names());
    }

    /** The one that sets Spring Boot's exposed endpoints belongs to it; the test of the paths covers it. */
    @Test
    void everyEnvironmentVariableIsASetting() throws Exception {
        Set<String> known =
                settings().keySet().stream().map(OperationsPageIT::variable).collect(Collectors.toSet());
        known.add("MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE");

        assertThat(page.variables()).isNotEmpty().isSubsetOf(known);
    }

    @Test
    void everySettingOfPostgresExists() throws Exception {
        for (List<String> row : page.rows("Settings")) {
            for (String name : OperationsPage.codes(row.getFirst())) {
                assertThat(one("select count(*) from pg_settings where name = '" + name + "'"))
                        .as(name)
                        .isEqualTo("1");
            }
        }
    }

    @Test
    void everyPathAnswers() throws Exception {
        assertThat(page.resources()).contains("/v1/cluster", "/actuator/loggers/io.millrace");
        for (String resource : page.resources()) {
            assertThat((resource.startsWith("/actuator") ? hub.management() : hub.client())
                            .get(resource)
                            .status())
                    .as(resource)
                    .isEqualTo(200);
        }
    }

    @Test
    void everyErrorIsInTheCatalogueWithItsStatus() {
        Map<String, Integer> statuses =
                Arrays.stream(HubError.values()).collect(Collectors.toMap(HubError::code, HttpStatuses::of));

        assertThat(page.errors()).isNotEmpty().allSatisfy(error -> assertThat(statuses)
                .containsEntry(error.group(2), Integer.valueOf(error.group(1))));
        for (List<String> row : page.rows("What breaks, and how")) {
            assertThat(OperationsPage.codes(row.get(1)))
                    .filteredOn(code -> !code.contains("."))
                    .isSubsetOf(statuses.keySet());
        }
    }

    @Test
    void everyQueryUsesExistingSeriesAndLabels() {
        hub.createTopic("lagging", 1);
        hub.bean(Groups.class)
                .joinDetached(new JoinRequest(
                        "g", MemberProtocol.REST, List.of("lagging"), new StartPosition.Latest(), null, null, null));
        Map<String, Set<String>> served = await().atMost(PATIENCE)
                .until(
                        () -> PromQl.series(
                                hub.management().get("/actuator/prometheus").text()),
                        series -> series.containsKey("millrace_group_lag_records"));
        List<PromQl> queries = page.blocks("promql").stream()
                .flatMap(String::lines)
                .filter(line -> !line.startsWith("#"))
                .map(PromQl::new)
                .toList();

        assertThat(queries).hasSizeGreaterThan(10).allSatisfy(query -> {
            for (String metric : query.metrics()) {
                if (!metric.equals(SCRAPED)) {
                    assertThat(served).as(query.text()).containsKey(metric);
                }
            }
            assertThat(query.metrics()).isNotEmpty();
            assertThat(query.labels())
                    .as(query.text())
                    .allMatch(label -> LABELS_OF_SCRAPES.contains(label)
                            || query.metrics().stream().anyMatch(metric -> served.getOrDefault(metric, Set.of())
                                    .contains(label)));
        });
    }

    @Test
    void theFormulaGivesTheNumberOfConnections() throws Exception {
        String formula = page.blocks("text").getFirst();
        Map<String, String> defaults = settings();
        Map<String, Integer> whileRolling = connections(OperationsPageIT::used);
        Map<String, Integer> atRest = new TreeMap<>(whileRolling);
        atRest.remove(ROLLER);
        atRest.remove(CLEANER);

        assertThat(sum(formula, OperationsPageIT::used))
                .isEqualTo(whileRolling.values().stream()
                        .mapToInt(Integer::intValue)
                        .sum());
        assertThat(page.text())
                .contains("which is "
                        + sum(formula, setting -> defaults.getOrDefault(setting, "")
                                .replace("`", ""))
                        + " by default");
        await().atMost(PATIENCE).until(OperationsPageIT::open, atRest::equals);
        hub.createTopic("rolling", 1);
        // Not the operator's connection: within a transaction, pg_stat_activity stays as it was first seen.
        try (Connection other = connection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            // No segment begins meanwhile, and so the roller waits; appends do not.
            statement.execute("lock table millrace.record_batch in share update exclusive mode");
            // Nor can the cleaner end its round.
            statement.execute("lock table millrace.cleaning in exclusive mode");
            Thread.ofVirtual().start(() -> runCleaner());
            hub.client().records().produce("rolling", A_RECORD, Acks.LEADER);
            await().atMost(PATIENCE).until(OperationsPageIT::open, whileRolling::equals);
        }
    }

    private static void runCleaner() {
        try {
            hub.runLoop("segment-cleaner");
        } catch (Exception failure) {
            throw new IllegalStateException("the cleaner's round has failed", failure);
        }
    }

    @Test
    void theStatementAfterARestoreExpiresOldCursors() throws Exception {
        hub.createTopic("restored", 1);
        hub.client().records().produce("restored", A_RECORD, Acks.LEADER);
        String cursor = cursorAfterARecord("restored");
        assertThat(resumed(hub, "restored", cursor)).isEqualTo("resumed");

        try (Statement statement = operator.createStatement()) {
            statement.execute(new OperationsPage(Files.readString(Path.of("docs", "backup.md")))
                    .blocks("sql")
                    .getFirst());
        }

        try (Hub restarted = Hub.start(DATABASE)) {
            await().atMost(PATIENCE).until(() -> resumed(restarted, "restored", cursor), "cursor_expired"::equals);
        }
    }

    @Test
    void everyLinkHasATarget() throws Exception {
        for (String link : page.links()) {
            String[] parts = link.split("#", 2);
            Path target = Path.of("docs", parts[0].isEmpty() ? "operations.md" : parts[0]);
            assertThat(target).exists();
            if (parts.length == 2) {
                assertThat(Files.readAllLines(target).stream()
                                .filter(line -> line.startsWith("#"))
                                .map(OperationsPageIT::anchor))
                        .as(link)
                        .contains(parts[1]);
            }
        }
    }

    private static Connection connection() throws SQLException {
        return DriverManager.getConnection(DATABASE.jdbcUrl(), DATABASE.username(), DATABASE.password());
    }

    private static String cursorAfterARecord(String topic) throws Exception {
        try (EventStream events = hub.client().records().follow(topic, Following.from("earliest"))) {
            for (Frame.Event event = events.next(PATIENCE); event != null; event = events.next(PATIENCE)) {
                String cursor = event.cursor();
                if (event.frame() instanceof Frame.Records && cursor != null) {
                    return cursor;
                }
            }
        }
        throw new AssertionError("the stream has ended");
    }

    private static String resumed(Hub by, String topic, String cursor) throws Exception {
        try (EventStream _ = by.client().records().follow(topic, new Following(null, List.of(), "fail", cursor))) {
            return "resumed";
        } catch (RefusedException refusal) {
            return refusal.code();
        }
    }

    /** The page's number of connections for each name in {@code pg_stat_activity}, without the numbers of lanes. */
    private static Map<String, Integer> connections(UnaryOperator<String> settings) {
        Map<String, Integer> connections = new TreeMap<>();
        for (List<String> row : page.rows("Connections")) {
            String name = OperationsPage.codes(row.getFirst()).iterator().next();
            String count = row.getLast().replace("`", "").split(",")[0];
            connections.put(withoutNumber(name), sum(count, settings));
        }
        return connections;
    }

    /** PostgreSQL's number of connections for each name. */
    private static Map<String, Integer> open() throws SQLException {
        Map<String, Integer> connections = new TreeMap<>();
        try (Statement statement = operator.createStatement();
                var row = statement.executeQuery("select application_name from pg_stat_activity where datname ="
                        + " current_database() and application_name like 'millrace%'")) {
            while (row.next()) {
                connections.merge(withoutNumber(row.getString(1)), 1, Integer::sum);
            }
        }
        return connections;
    }

    private static String withoutNumber(String name) {
        return name.replaceFirst("-\\d+$", "");
    }

    private static int sum(String formula, UnaryOperator<String> settings) {
        return Arrays.stream(formula.split("\\+"))
                .map(String::strip)
                .map(term -> Character.isDigit(term.charAt(0)) ? term : settings.apply(term))
                .mapToInt(Integer::parseInt)
                .sum();
    }

    private static String used(String setting) {
        return Objects.requireNonNull(NOT_THE_DEFAULTS.get(setting), setting);
    }

    /** All settings in {@code docs/configuration.md}, with their defaults. */
    private static Map<String, String> settings() throws Exception {
        return DocumentedRow.all("docs/configuration.md").stream()
                .collect(Collectors.toMap(DocumentedRow::name, DocumentedRow::second, (first, _) -> first));
    }

    private static String variable(String setting) {
        return setting.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
    }

    private static String exposed() {
        return page.text()
                .split("MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE=", 2)[1]
                .split("`", 2)[0];
    }

    private static String anchor(String heading) {
        return heading.replaceFirst("^#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9 -]", "")
                .replace(' ', '-');
    }

    private static String one(String query) throws SQLException {
        try (Statement statement = operator.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }
}
