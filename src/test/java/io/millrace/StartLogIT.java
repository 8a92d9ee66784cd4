package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Beside;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of a first and of a second start of the jar. */
@Beside
class StartLogIT {

    private static final Duration START = Duration.ofSeconds(180);
    private static final Pattern READY = Pattern.compile(
            "Millrace is ready at (http://localhost:\\d+) after [0-9.]+ s\\. Try it in a browser at (\\S+)\\. Health"
                    + " and metrics are at (\\S+)\\. Its data is in (\\S+)\\. Stop it with Ctrl\\+C or kill (\\d+)");

    @TempDir
    private Path directory;

    @Test
    void theLogOfAStartIsShortAndItsLastLineTellsTheAddressAndTheData() throws Exception {
        List<String> first = start();

        assertThat(first).hasSizeLessThanOrEqualTo(6);
        assertThat(first.getFirst())
                .containsPattern("Millrace \\d+\\.\\d+\\.\\d+\\S* is starting on Java \\d+, process \\d+");
        assertThat(first)
                .anyMatch(line ->
                        line.matches(".* \\d+ migrations were applied in \\d+ ms; the schema has version \\d+"));
        assertThat(start()).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void aSettingThatDoesNotExistStopsTheStart() throws Exception {
        Files.writeString(directory.resolve("application.yaml"), "millrace:\n  append:\n    lane: 3\n");

        Process hub = process(List.of("--millrace.hom=x"));
        assertThat(hub.waitFor(START.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(hub.exitValue()).isEqualTo(1);
        assertThat(Files.readString(output()))
                .contains("There is no setting millrace.hom (an argument). Did you mean millrace.home?")
                .containsPattern("There is no setting millrace.append.lane \\(.*application.yaml.* 3:11\\)."
                        + " Did you mean millrace.append.lanes\\?")
                .doesNotContain("\tat ");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void theSchemaOfAnotherBuildStopsTheStart() throws Exception {
        TestDatabase database = TestPostgres.newDatabase();
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
                Statement statement = connection.createStatement()) {
            Flyway.configure()
                    .dataSource(database.jdbcUrl(), database.username(), database.password())
                    .schemas("millrace")
                    .defaultSchema("millrace")
                    .load()
                    .migrate();
            statement.execute("update millrace.flyway_schema_history set checksum = 1 where version = '1'");
        }

        Process hub = process(List.of(
                "--millrace.database.url=" + database.jdbcUrl(),
                "--millrace.database.username=" + database.username(),
                "--millrace.database.password=" + database.password()));
        assertThat(hub.waitFor(START.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(hub.exitValue()).isEqualTo(1);
        assertThat(Files.readString(output()))
                .contains("was made by another build of Millrace, whose V1__log.sql differs from this one's")
                .contains("drop schema millrace cascade")
                .doesNotContain("\tat ");
    }

    /** Starts a hub, checks what its last line says, and stops it; returns the lines up to that one. */
    private List<String> start() throws Exception {
        Process hub = process(List.of());
        try {
            List<String> lines = Awaitility.await()
                    .atMost(START)
                    .failFast("the hub ended", () -> !hub.isAlive())
                    .until(() -> Files.readAllLines(output()), said -> said.stream()
                            .anyMatch(line -> READY.matcher(line).find()));
            Matcher ready = READY.matcher(lines.getLast());
            assertThat(ready.find()).as(lines.toString()).isTrue();
            assertThat(status(ready.group(1) + "/")).isEqualTo(200);
            assertThat(status(ready.group(2))).isEqualTo(302);
            assertThat(status(ready.group(3) + "/health/readiness")).isEqualTo(200);
            assertThat(Path.of(ready.group(4)))
                    .isEqualTo(directory.resolve("data").toRealPath());
            assertThat(ready.group(5)).isEqualTo(Long.toString(hub.pid()));
            assertThat(lines).noneMatch(line -> line.matches(".*\\b(?:WARN|ERROR|WARNING)\\b.*"));
            return lines;
        } finally {
            hub.destroy();
            assertThat(hub.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private Process process(List<String> settings) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"), "-XX:TieredStopAtLevel=1", "-jar", jar()));
        command.addAll(List.of("--server.port=0", "--management.server.port=0"));
        command.addAll(settings);
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .start();
    }

    /** The jar of this build. */
    private static String jar() throws IOException {
        try (var files = Files.newDirectoryStream(Path.of("target"), "millrace-*.jar")) {
            return files.iterator().next().toAbsolutePath().toString();
        }
    }

    private Path output() {
        return directory.resolve("output");
    }

    private static int status(String url) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
