package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.testing.Beside;
import io.millrace.testing.Guarded;
import io.millrace.testing.Hub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.json.JsonMapper;

/**
 * Specmatic, an independent reader of the OpenAPI document, generates valid and invalid requests from it. The hub never
 * fails, and answers as the document says; Specmatic checks the answers too. Skipped without npm, from which Specmatic
 * comes.
 */
@Beside
class GeneratedRequestsIT {

    private static final Logger log = LoggerFactory.getLogger(GeneratedRequestsIT.class);

    private static final Path SOURCE = Path.of("src/test/npm/specmatic");
    private static final Path DIRECTORY = Path.of("target/specmatic");
    private static final int INSTALL_SECONDS = 90;
    private static final int RUN_SECONDS = 170;

    /** Requests of a kind: combinations of optional fields and of values at and beyond their bounds. */
    private static final int MOST_COMBINATIONS = 6;

    private static final int LEAST_ANSWERS = 500;

    /** Of the names in paths: those that exist. Members have names that the hub gives them. */
    private static final Map<String, Object> KNOWN = Map.of(
            "topic", Map.of("type", "string", "enum", List.of("flights")),
            "partition", Map.of("type", "integer", "minimum", 0, "maximum", 3),
            "group", Map.of("type", "string", "enum", List.of("billing")));

    /** Short ones. */
    private static final Map<String, Object> WAIT = Map.of("type", "string", "pattern", "^[1-9][0-9]?ms$");

    /** Deleted, while the others stay. */
    private static final Map<String, Object> DOOMED = Map.of(
            "topic", Map.of("type", "string", "enum", List.of("doomed")),
            "group", Map.of("type", "string", "enum", List.of("doomed")));

    private static final Pattern FAILURE = Pattern.compile("<failure[^>]*>(.*?)</failure>", Pattern.DOTALL);
    private static final Pattern RULE = Pattern.compile("\\bR\\d{4}\\b");

    /** A status other than the one that Specmatic has tried to get: it cannot know which topics exist. */
    private static final String OTHER_STATUS = "R0002";

    @Test
    void theHubAnswersAsTheDocumentSays() throws Exception {
        Path jar = installed();
        assumeTrue(jar != null, "npm, and packages from its registry, are needed");
        try (Hub hub = Hub.start();
                CheckingProxy proxy = new CheckingProxy(hub)) {
            hub.createTopic("flights", 4);
            hub.createTopic("doomed", 1);
            String id = Guarded.key(hub, "User:known").split("_")[1];
            Files.writeString(DIRECTORY.resolve("openapi.json"), document(id));
            String output = run(jar, proxy.url());

            log.info("answers by status: {}", proxy.statuses());
            assertThat(proxy.troubles()).isEmpty();
            assertThat(otherFailures())
                    .as("what Specmatic reports beside statuses")
                    .isEmpty();
            assertThat(proxy.statuses().values().stream()
                            .mapToInt(count -> count)
                            .sum())
                    .as(output)
                    .isGreaterThan(LEAST_ANSWERS);
            assertThat(proxy.statuses()).containsKeys(200, 201, 204, 400, 404);
        }
    }

    /** The jar in the package, which is installed once for each version of the lock file; null without npm. */
    private static Path installed() throws IOException, InterruptedException {
        Path jar = DIRECTORY.resolve("node_modules/specmatic/specmatic.jar");
        Path lock = DIRECTORY.resolve("package-lock.json");
        if (Files.exists(jar) && Files.exists(lock) && Files.mismatch(lock, SOURCE.resolve("package-lock.json")) < 0) {
            return jar;
        }
        Files.createDirectories(DIRECTORY);
        for (String file : List.of("package.json", "package-lock.json")) {
            Files.copy(SOURCE.resolve(file), DIRECTORY.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        try {
            Process npm = process("install.log", "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                    .start();
            boolean ended = npm.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS);
            npm.destroyForcibly();
            return ended && npm.exitValue() == 0 && Files.exists(jar) ? jar : null;
        } catch (IOException missing) {
            return null;
        }
    }

    private static ProcessBuilder process(String output, String... command) {
        return new ProcessBuilder(command)
                .directory(DIRECTORY.toFile())
                .redirectErrorStream(true)
                .redirectOutput(DIRECTORY.resolve(output).toFile());
    }

    private static String run(Path jar, String url) throws IOException, InterruptedException {
        ProcessBuilder specmatic = process(
                "specmatic.log",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-jar",
                jar.toAbsolutePath().toString(),
                "test",
                "openapi.json",
                "--testBaseURL=" + url,
                "--timeout=60",
                "--junitReportDir=reports");
        specmatic.environment().put("SPECMATIC_GENERATIVE_TESTS", "true");
        specmatic.environment().put("MAX_TEST_REQUEST_COMBINATIONS", Integer.toString(MOST_COMBINATIONS));
        Process process = specmatic.start();
        try {
            assertThat(process.waitFor(RUN_SECONDS, TimeUnit.SECONDS))
                    .as("Specmatic ends")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(DIRECTORY.resolve("specmatic.log"));
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    }

    private static List<String> otherFailures() throws IOException {
        String report = Files.readString(DIRECTORY.resolve("reports/TEST-junit-jupiter.xml"));
        List<String> others = new ArrayList<>();
        Matcher failures = FAILURE.matcher(report);
        while (failures.find()) {
            Matcher rules = RULE.matcher(failures.group(1));
            if (rules.results().anyMatch(rule -> !rule.group().equals(OTHER_STATUS))) {
                others.add(failures.group(1));
            }
        }
        return others;
    }

    /** The document without streams, which do not end, and with names in paths that exist. */
    private static String document(String key) throws IOException {
        Map<String, Object> document = new Yaml().load(Files.readString(Path.of("openapi/openapi.yaml")));
        @SuppressWarnings("unchecked")
        var paths = (Map<String, Map<String, Map<String, Object>>>) document.get("paths");
        paths.keySet().removeIf(path -> path.endsWith("/stream"));
        paths.values().stream().flatMap(path -> path.values().stream()).forEach(operation -> {
            Object id = operation.get("operationId");
            name(operation, id.equals("deleteTopic") || id.equals("deleteGroup") ? DOOMED : KNOWN);
            name(operation, Map.of("key", Map.of("type", "string", "enum", List.of(key))));
            oneType(operation);
            onlyJson(operation);
        });
        // Not as YAML, which would have aliases. Specmatic cannot read a class of characters.
        return JsonMapper.shared().writeValueAsString(document).replace("\\\\P{Cc}", "[a-z]");
    }

    @SuppressWarnings("unchecked")
    private static void name(Map<String, Object> operation, Map<String, Object> names) {
        var parameters = (List<Map<String, Object>>) operation.getOrDefault("parameters", List.of());
        for (Map<String, Object> parameter : parameters) {
            if (parameter.get("in").equals("path") && names.containsKey(parameter.get("name"))) {
                parameter.put("schema", names.get(parameter.get("name")));
                parameter.remove("example");
            } else if (parameter.get("name").equals("wait")) {
                parameter.put("schema", WAIT);
            }
        }
    }

    /** Specmatic would send {@code image/*} as it stands. */
    @SuppressWarnings("unchecked")
    private static void oneType(Map<String, Object> operation) {
        if (operation.get("requestBody") instanceof Map<?, ?> body) {
            ((Map<String, Object>) body.get("content")).keySet().removeIf(type -> type.contains("*"));
        }
    }

    /** Specmatic sends {@code Accept: *}{@code /*}, whichever of two types it expects. */
    @SuppressWarnings("unchecked")
    private static void onlyJson(Map<String, Object> operation) {
        for (Object answer : ((Map<String, Object>) operation.get("responses")).values()) {
            if (((Map<String, Object>) answer).get("content") instanceof Map<?, ?> content
                    && content.containsKey("application/json")) {
                content.keySet().removeIf(type -> !type.equals("application/json"));
            }
        }
    }
}
