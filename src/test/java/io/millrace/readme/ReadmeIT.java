package io.millrace.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.MillraceApplication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Runs the commands of the README, unchanged except for the port, on a hub that runs as described there: with the
 * embedded PostgreSQL, and with the home {@code data} in the working directory.
 */
@EnabledIf("toolsAreInstalled")
class ReadmeIT {

    private static final int PARTITIONS = 6;
    private static final Path FLIGHTS = Path.of("examples", "flights.ndjson");
    private static final Pattern ORIGIN = Pattern.compile("\"origin\":\"([A-Z]+)\"");
    private static final Pattern RECORD = Pattern.compile(
            "\\{\"offset\":(\\d+),\"timestamp\":\\d+,\"key\":\"([A-Z]+)\",\"value\":(.*),\"headers\":\\[]}");

    /** Commands that run until the user ends them. */
    private static final Pattern FOLLOWS = Pattern.compile("/stream|/v1/ws");

    private static final int FOLLOWED_RECORDS = 20_001;
    private static final Pattern FOLLOWED =
            Pattern.compile("\"offset\":\\d+,\"timestamp\":\\d+,\"key\":\"([A-Z]+)\",\"value\":(\\{[^}]*})");

    private static final Map<String, String> OUTPUTS = new LinkedHashMap<>();

    @TempDir
    private static Path directory;

    private static ConfigurableApplicationContext hub;

    static boolean toolsAreInstalled() {
        return Shell.has("bash", "curl", "sed", "cut", "tail");
    }

    static boolean psqlIsInstalled() {
        return Shell.has("psql");
    }

    @BeforeAll
    static void followTheReadme() throws Exception {
        Files.createSymbolicLink(
                directory.resolve("examples"), Path.of("examples").toAbsolutePath());
        hub = new SpringApplicationBuilder(MillraceApplication.class)
                .web(WebApplicationType.REACTIVE)
                .registerShutdownHook(false)
                .run("--server.port=0", "--management.server.port=0", "--millrace.home=" + directory.resolve("data"));
        for (String block : Page.README.blocks("sh")) {
            if (psqlIsInstalled() || !block.contains("psql")) {
                String script = block.replace("localhost:8080", "localhost:" + port());
                Shell.Result result = new Shell(directory).run(withJava(script), ReadmeIT::isComplete);
                assertThat(result.status())
                        .as("%s%n%s", script, result.output())
                        .isEqualTo(FOLLOWS.matcher(script).find() ? Shell.INTERRUPTED : 0);
                OUTPUTS.put(block, result.output());
            }
        }
    }

    @AfterAll
    static void stop() {
        if (hub != null) {
            hub.close();
        }
    }

    @Test
    void everyFlightIsStoredOnceUnchangedAndInOrderPerOrigin() throws Exception {
        Map<String, List<String>> stored = new TreeMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (Matcher found : records(partition)) {
                stored.computeIfAbsent(found.group(2), _ -> new ArrayList<>()).add(found.group(3));
            }
        }

        assertThat(stored).isEqualTo(expected());
    }

    @Test
    void followersGetEveryRecordOnceAndInOrderPerKey() throws Exception {
        for (String command : List.of("/stream?from=earliest", "/v1/ws flights")) {
            Map<String, List<String>> followed = new TreeMap<>();
            FOLLOWED.matcher(output(command)).results().forEach(record -> followed.computeIfAbsent(
                            record.group(1), _ -> new ArrayList<>())
                    .add(record.group(2)));

            assertThat(followed).as(command).isEqualTo(expected());
        }
    }

    @Test
    void offsetsCountFromZeroAndKeysAreInTheSamePartitionsAsInKafka() throws Exception {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            long offset = 0;
            for (Matcher found : records(partition)) {
                assertThat(Long.parseLong(found.group(1))).isEqualTo(offset++);
                assertThat(BuiltInPartitioner.partitionForKey(
                                found.group(2).getBytes(StandardCharsets.UTF_8), PARTITIONS))
                        .isEqualTo(partition);
            }
            assertThat(offset).isPositive();
        }
    }

    @Test
    void theFirstRecordsAreReadAsTheyWereWritten() {
        assertThat(output("{\"name\":\"hello\"}"))
                .contains("{\"results\":[{\"partition\":0,\"offset\":0},{\"partition\":0,\"offset\":1}]}")
                .containsPattern(
                        "\\{\"offset\":0,\"timestamp\":\\d+,\"key\":\"a\",\"value\":\\{\"n\":1},\"headers\":\\[]}")
                .contains("\"key\":null,\"value\":\"any JSON, text or bytes\"");
    }

    @Test
    void theCommandsPrintWhatTheTextSays() {
        assertThat(output("\"partitions\":6}"))
                .contains("{\"partition\":5,\"start_offset\":0,\"high_watermark\":0,\"next_offset\":0,");
        assertThat(output("--data-binary"))
                .startsWith("{\"records\":20000,\"results_truncated\":false,\"results\":[{\"partition\":");
        assertThat(output("offset=0&limit=2")).contains("\"next_offset\":2,\"records\":[{\"offset\":0,");
        assertThat(output("tail -n 3").lines()).hasSize(3).last().asString().startsWith("{\"offset\":2185,");
        assertThat(output("wait=20s"))
                .contains("{\"results\":[{\"partition\":0,\"offset\":2186}]}")
                .contains("\"next_offset\":2187,\"records\":[{\"offset\":2186,");
        assertThat(output("/v1/groups/billing"))
                .contains("\"revoking\":[],\"partitions\":[{\"topic\":\"flights\",")
                .contains("\"state\":\"stable\"")
                .contains("{\"topic\":\"flights\",\"partition\":0,\"next_offset\":1,\"end_offset\":2187,\"lag\":2186,");
        assertThat(output("offset=1000000")).contains("\"code\":\"offset_beyond_end\"");
    }

    @Test
    @EnabledIf("psqlIsInstalled")
    void psqlShowsTheFirstRecordsAndTheDelaysOfAirports() {
        assertThat(output("order by 1, 2"))
                .containsPattern("0 \\| +0 \\| a +\\| \\{\"n\": 1}")
                .containsPattern("0 \\| +1 \\| +\\| \"any JSON, text or bytes\"");
        assertThat(output("minutes_late")).containsPattern("PHX +\\| +633 \\| +12\n STL +\\| +550 \\| +10\n DFW ");
    }

    /** The flights per origin, in order, with the one that ends the long poll. */
    private static Map<String, List<String>> expected() throws Exception {
        Map<String, List<String>> expected = new TreeMap<>();
        for (String line : Files.readAllLines(FLIGHTS)) {
            expected.computeIfAbsent(origin(line), _ -> new ArrayList<>()).add(line);
        }
        assertThat(expected.values().stream().mapToInt(List::size).sum()).isEqualTo(20_000);
        expected.get("LGA")
                .add("{\"date\":\"2001/04/01 06:00\",\"delay\":0,\"distance\":1389,\"origin\":\"LGA\","
                        + "\"destination\":\"DFW\"}");
        return expected;
    }

    private static boolean isComplete(String output) {
        return FOLLOWED.matcher(output).results().count() == FOLLOWED_RECORDS && output.endsWith("\n");
    }

    /** Puts this JVM's java on the path: there may be none, and any version from 17 on works. */
    private static String withJava(String script) {
        return "export PATH=\"" + Path.of(System.getProperty("java.home"), "bin") + ":$PATH\"\n" + script;
    }

    private static String output(String partOfTheBlock) {
        return OUTPUTS.entrySet().stream()
                .filter(entry -> entry.getKey().contains(partOfTheBlock))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the README has no block with " + partOfTheBlock));
    }

    private static List<Matcher> records(int partition) throws Exception {
        URI uri = URI.create("http://localhost:" + port() + "/v1/topics/flights/partitions/" + partition + "/records");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Accept", "application/x-ndjson")
                .build();
        try (HttpClient client = HttpClient.newHttpClient();
                Stream<String> lines =
                        client.send(request, BodyHandlers.ofLines()).body()) {
            return lines.map(RECORD::matcher)
                    .peek(record -> assertThat(record.matches()).isTrue())
                    .toList();
        }
    }

    private static String origin(String flight) {
        Matcher origin = ORIGIN.matcher(flight);
        assertThat(origin.find()).isTrue();
        return origin.group(1);
    }

    private static int port() {
        return hub.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }
}
