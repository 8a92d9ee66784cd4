package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.command.CommandLines;
import io.millrace.stream.StreamTopics;
import io.millrace.testing.Beside;
import io.millrace.testing.Guarded;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.testing.Tied;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line, as users start the process. */
@Beside
class CommandLineIT {

    private static final Duration START = Duration.ofSeconds(120);
    private static final Pattern PORT = Pattern.compile("Millrace is ready at http://localhost:(\\d+)");

    @TempDir
    private Path directory;

    /** Of the processes, besides that of this one. */
    private Map<String, String> environment = Map.of();

    private record Ended(int exitCode, String out, String err) {}

    @ParameterizedTest
    @ValueSource(strings = {"", "serve"})
    void settingsStartAHubWithoutLoadingTheCommandLineParser(String command) throws Exception {
        TestDatabase database = TestPostgres.newDatabase();
        Path classes = directory.resolve("classes.log");
        List<String> arguments = new ArrayList<>(command.isEmpty() ? List.of() : List.of(command));
        arguments.addAll(List.of(
                "--server.port=0",
                "--management.server.port=0",
                "--spring.datasource.url=" + database.jdbcUrl(),
                "--spring.datasource.username=" + database.username(),
                "--spring.datasource.password=" + database.password()));
        Process hub = start(List.of("-Xlog:class+load:file=" + classes), arguments);
        try {
            String port = Awaitility.await()
                    .atMost(START)
                    .failFast("the hub ended", () -> !hub.isAlive())
                    .until(this::port, found -> !found.isEmpty());

            assertThat(status("http://127.0.0.1:" + port + "/v1/topics")).isEqualTo(200);
            // Spring's package scan may load annotations, but not the parser.
            assertThat(Files.readString(classes))
                    .contains(" io.millrace.MillraceApplication ")
                    .doesNotContain(" picocli.CommandLine ")
                    .doesNotContain(" io.millrace.backup.BackupCommand ")
                    .doesNotContain(" io.millrace.bench.BenchCommand ")
                    .doesNotContain(" io.millrace.verify.VerifyCommand ");
        } finally {
            hub.destroyForcibly().waitFor();
        }
    }

    @Test
    void benchPrintsOnlyItsResult() throws Exception {
        try (Hub hub = Hub.start()) {
            Ended ended = run(
                    "bench",
                    "produce",
                    "--url",
                    hub.http("").toString(),
                    "--records",
                    "20",
                    "--warmup",
                    "0ms",
                    "--output",
                    "json");

            assertThat(ended.exitCode()).as(ended.err()).isZero();
            JsonNode document = new JsonMapper().readTree(ended.out());
            assertThat(document.path("results").path("records").intValue()).isEqualTo(20);
        }
    }

    @Test
    void verifyPrintsOnlyItsResult() throws Exception {
        try (Hub hub = Hub.start()) {
            Ended ended = run(
                    "verify",
                    "--url",
                    hub.http("").toString(),
                    "--duration",
                    "1s",
                    "--rate",
                    "200",
                    "--consumers",
                    "1",
                    "--output",
                    "json");

            assertThat(ended.exitCode()).as(ended.err()).isZero();
            JsonNode document = new JsonMapper().readTree(ended.out());
            assertThat(document.path("results").path("records_in_the_log").intValue())
                    .isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bench produce --records 20 --warmup 0ms --topic bench",
                "bench produce --records 20 --warmup 0ms --topic bench --protocol websocket-binary",
                "bench consume --topic bench --protocol sse",
                "bench idle --subscribers 2 --duration 1s --topic bench --management-url $management",
                "verify --duration 1s --rate 100 --consumers 3"
            })
    void aKeyIsTakenFromTheEnvironment(String command) throws Exception {
        try (Hub hub = Guarded.start()) {
            String key = Guarded.key(hub, Guarded.ADMIN);
            StreamTopics.appendTo(hub, hub.createTopic("bench", 1), 0, 5);
            List<String> arguments =
                    new ArrayList<>(List.of(command.replace("$management", "http://127.0.0.1:" + hub.managementPort())
                            .split(" ")));
            arguments.addAll(List.of("--url", hub.http("").toString()));

            Ended without = run(arguments.toArray(String[]::new));
            environment = Map.of(CommandLines.KEY, key);
            Ended with = run(arguments.toArray(String[]::new));

            assertThat(without.exitCode()).isEqualTo(1);
            assertThat(without.err()).contains("401").doesNotContain("\tat ");
            assertThat(with.exitCode()).as(with.err()).isZero();
            assertThat(with.err() + with.out()).doesNotContain(key);
        }
    }

    @Test
    void aFailureIsExitCode1AndOneLine() throws Exception {
        Ended ended = run("bench", "consume", "--url", "http://127.0.0.1:1");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err().lines()).singleElement().asString().startsWith("no hub at http://127.0.0.1:1");
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void wrongUsageIsExitCode2() throws Exception {
        assertThat(run("bnech")).satisfies(ended -> {
            assertThat(ended.exitCode()).isEqualTo(2);
            assertThat(ended.err()).contains("'bnech'").contains("millrace bench");
        });
        assertThat(run("bench", "produce", "--bacth", "1")).satisfies(ended -> {
            assertThat(ended.exitCode()).isEqualTo(2);
            assertThat(ended.err()).contains("--bacth").contains("Usage: millrace bench produce");
        });
        assertThat(run("serve", "it")).satisfies(ended -> {
            assertThat(ended.exitCode()).isEqualTo(2);
            assertThat(ended.err()).contains("'it'").contains("Usage: millrace serve");
        });
    }

    @Test
    void helpAndVersionArePrinted() throws Exception {
        assertThat(run("--help").out())
                .contains("Usage: millrace")
                .contains("serve")
                .contains("backup")
                .contains("restore")
                .contains("bench")
                .contains("verify");
        assertThat(run("serve", "--help").out()).contains("millrace serve [--<setting>=<value>...]");
        assertThat(run("--version").out()).matches("millrace \\d+\\.\\d+\\.\\d+\\S*\\s*");
    }

    private Ended run(String... arguments) throws Exception {
        Process process = start(List.of("-Xshare:auto"), Arrays.asList(arguments));
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out()), Files.readString(err()));
    }

    /** The process ends with this JVM, which holds the other end of its shell's input. */
    private Process start(List<String> options, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MillraceApplication.class.getName()));
        command.addAll(arguments);
        ProcessBuilder process = new ProcessBuilder(Tied.command(command))
                .redirectOutput(out().toFile())
                .redirectError(err().toFile());
        process.environment().putAll(environment);
        return process.start();
    }

    private Path out() {
        return directory.resolve("out");
    }

    private Path err() {
        return directory.resolve("err");
    }

    private String port() throws IOException {
        Matcher port = PORT.matcher(Files.readString(out()));
        return port.find() ? port.group(1) : "";
    }

    private static int status(String url) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
