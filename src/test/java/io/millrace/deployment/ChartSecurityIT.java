package io.millrace.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.millrace.MillraceApplication;
import io.millrace.access.OidcProperties;
import io.millrace.access.SecurityProperties;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication.AbandonedRunException;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The hubs of the chart start, and ask who their callers are unless the values say frankly that they need not. */
class ChartSecurityIT {

    private static final Path ANONYMOUS = Chart.valuesOf("anonymous");
    private static final Path EVERYTHING = Chart.valuesOf("everything");
    private static final Path TLS = Chart.valuesOf("tls");
    private static final Path DEPLOYMENT = Path.of("docs", "deployment.md");

    private static final String AUTHENTICATION = "MILLRACE_SECURITY_AUTHENTICATION";
    private static final String ANONYMOUS_ON_NETWORK = "MILLRACE_SECURITY_ALLOWANONYMOUSONNETWORK";
    private static final String PLAINTEXT_ON_NETWORK = "MILLRACE_SECURITY_ALLOWPLAINTEXTONNETWORK";

    /** What Kubernetes takes from elsewhere. */
    private static final Map<String, String> SOURCES = Map.of(
            "POD_IP",
            "10.1.2.3",
            "DATABASE_URI",
            "postgresql://user:secret@db:5432/millrace",
            "MILLRACE_DATABASE_URL",
            "postgresql://user:secret@db:5432/millrace",
            "MILLRACE_DATABASE_USERNAME",
            "user",
            "MILLRACE_DATABASE_PASSWORD",
            "secret");

    private static final Pattern VARIABLE = Pattern.compile("--env ([A-Z_]+)=(\\S+)");
    private static final Pattern DOCKER_RUN = Pattern.compile("(?m)^docker run (?:.*\\\\\n)*.*$");

    static Stream<Chart> charts() throws IOException {
        return Stream.concat(
                Chart.cases().stream().map(values -> Chart.render(Map.of(), values)),
                Stream.of(Chart.render(
                        Map.of("security.authentication", "none", "security.allowAnonymousOnNetwork", "true"), TLS)));
    }

    @ParameterizedTest
    @MethodSource("charts")
    void everyHubMayListenWhereItIsToldTo(Chart chart) {
        Map<String, String> environment = chart.environment(SOURCES);

        assertThat(initialized(environment).getProperty("server.address")).isEqualTo("0.0.0.0");
        environment.keySet().removeIf(name -> name.startsWith("MILLRACE_SECURITY_"));
        assertThatThrownBy(() -> initialized(environment)).hasMessageContaining("without authentication");
    }

    @ParameterizedTest
    @CsvSource({
        "plaintext, MILLRACE_SECURITY_AUTHENTICATION,          without authentication",
        "plaintext, MILLRACE_SECURITY_ALLOWPLAINTEXTONNETWORK, without TLS",
        "tls,       MILLRACE_SECURITY_AUTHENTICATION,          without authentication",
        "anonymous, MILLRACE_SECURITY_ALLOWANONYMOUSONNETWORK, without authentication",
        "anonymous, MILLRACE_SECURITY_ALLOWPLAINTEXTONNETWORK, without TLS",
    })
    void eachVariableIsNeeded(String values, String variable, String refusal) {
        Map<String, String> environment =
                Chart.render(Map.of(), Chart.valuesOf(values)).environment(SOURCES);

        assertThat(environment.remove(variable)).isNotNull();

        assertThatThrownBy(() -> initialized(environment)).hasMessageContaining(refusal);
    }

    @Test
    void callersAreAskedWhoTheyAreUnlessTheValuesSayOtherwise() {
        assertThat(Chart.render(Map.of(), TLS).environment(SOURCES))
                .containsEntry(AUTHENTICATION, "required")
                .doesNotContainKeys(ANONYMOUS_ON_NETWORK, PLAINTEXT_ON_NETWORK);
        assertThat(Chart.render(Map.of(), Chart.LEAST).environment(SOURCES))
                .containsEntry(AUTHENTICATION, "required")
                .containsEntry(PLAINTEXT_ON_NETWORK, "true")
                .doesNotContainKey(ANONYMOUS_ON_NETWORK);
        assertThat(Chart.render(Map.of(), ANONYMOUS).environment(SOURCES))
                .containsEntry(AUTHENTICATION, "none")
                .containsEntry(ANONYMOUS_ON_NETWORK, "true");
    }

    @Test
    void theHubReadsWhatTheValuesSay() {
        ConfigurableEnvironment everything =
                initialized(Chart.render(Map.of(), EVERYTHING).environment(SOURCES));
        SecurityProperties security = security(everything);

        assertThat(security.required()).isTrue();
        assertThat(security.superUsers()).containsExactly("User:admin", "Group:event operators");
        assertThat(security.auditTopic()).isEqualTo("audit");
        assertThat(Binder.get(everything)
                        .bind("millrace.security.oidc", OidcProperties.class)
                        .get())
                .isEqualTo(new OidcProperties(
                        URI.create("https://login.example.org/realms/events"),
                        "millrace",
                        "preferred_username",
                        "roles",
                        10_000));
        assertThat(security(initialized(Chart.render(Map.of(), TLS).environment(SOURCES)))
                        .superUsers())
                .containsExactly("User:CN=operator,O=Example", "User:admin");
        assertThat(security(initialized(Chart.render(Map.of(), Chart.valuesOf("external-tls"))
                                .environment(SOURCES)))
                        .auditTopic())
                .as("none")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 'the hubs have no TLS'",
        "tls.existingSecret=hub-tls;security.authentication=none, security.allowAnonymousOnNetwork=true if that is"
                + " meant",
        "security.authentication=none;security.allowAnonymousOnNetwork=true, 'the hubs have no TLS'",
        "tls.existingSecret=hub-tls;security.oidc.issuer=https://login.example.org, tokens that were made for other"
                + " services",
        "tls.existingSecret=hub-tls;serviceMonitor.enabled=true, serviceMonitor.authorization.secretName is empty",
        "tls.existingSecret=hub-tls;security.authentication=none;security.allowAnonymousOnNetwork=true;security.oidc.issuer=https://login.example.org;security.oidc.audience=a,"
            + " callers are not asked for tokens",
    })
    void whatWouldExposeHubsOrNotWorkIsRefused(String values, String reason) {
        Map<String, String> given = Stream.of(values.split(";"))
                .filter(value -> !value.isEmpty())
                .map(value -> value.split("=", 2))
                .collect(Collectors.toMap(value -> value[0], value -> value[1]));

        assertThatThrownBy(() -> Chart.render(given)).hasMessageContaining(reason);
    }

    /** A name that the schema takes and the hub refuses would only be found when the pods do not start. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "User:admin",
                "Group:event operators",
                "User:zoë",
                "User:CN=operator,O=Example",
                "User:",
                "admin",
                "user:admin",
                "User:a\tb",
                ""
            })
    void superUsersAreNamedAsTheHubNamesThem(String principal, @TempDir Path directory) throws Exception {
        Path values = Files.writeString(
                directory.resolve("values.json"),
                JsonMapper.shared().writeValueAsString(Map.of("security", Map.of("superUsers", List.of(principal)))));
        Throwable hubs =
                catchThrowable(() -> new SecurityProperties(null, List.of(principal), false, false, "", Duration.ZERO));
        Throwable charts = catchThrowable(() -> Chart.render(Map.of(), Chart.LEAST, values));

        assertThat(charts == null).as("%s, %s", hubs, charts).isEqualTo(hubs == null);
    }

    @Test
    void prometheusPresentsTheKeyInTheSecret() {
        Map<String, String> monitored =
                Map.of("serviceMonitor.enabled", "true", "networkPolicy.allowMetricsFrom[0].podSelector.x", "y");

        assertThat(Chart.render(Map.of(), EVERYTHING).only("ServiceMonitor").at("/spec/endpoints/0/authorization"))
                .hasToString("{\"type\":\"Bearer\",\"credentials\":{\"name\":\"millrace-metrics\",\"key\":\"key\"}}");
        assertThat(Chart.render(monitored, ANONYMOUS)
                        .only("ServiceMonitor")
                        .at("/spec/endpoints/0")
                        .has("authorization"))
                .isFalse();
    }

    @Test
    void hubsReachTheProviderOfTokens() {
        JsonNode egress =
                Chart.render(Map.of(), EVERYTHING).only("NetworkPolicy").at("/spec/egress");

        assertThat(egress.get(egress.size() - 1))
                .hasToString("{\"ports\":[{\"protocol\":\"TCP\",\"port\":8443}],"
                        + "\"to\":[{\"ipBlock\":{\"cidr\":\"192.0.2.0/24\"}}]}");
        assertThat(Chart.render(Map.of("networkPolicy.restrictEgress", "true"), TLS)
                        .only("NetworkPolicy")
                        .at("/spec/egress"))
                .as("DNS and PostgreSQL")
                .hasSize(2);
    }

    @Test
    void theNotesSayWhoMayCall() {
        assertThat(Chart.notes(TLS))
                .contains("Every call needs a key, and a rule")
                .contains("--principal User:admin)")
                .doesNotContain("acls add", "plain HTTP", "not asked");
        assertThat(Chart.notes(Chart.LEAST))
                .contains("acls add", "keys and records can be read")
                .doesNotContain("not asked");
        assertThat(Chart.notes(EVERYTHING)).contains("or an access token of https://login.example.org/realms/events");
        assertThat(Chart.notes(ANONYMOUS))
                .contains("every client that reaches the hubs may read and delete everything")
                .contains(": records can be read")
                .doesNotContain("keys create", "Bearer", "keys and records");
    }

    /** The commands of the notes, and of the page for Prometheus, with nothing but the container's variables. */
    @Test
    void theFirstKeysAreMadeInAPod(@TempDir Path directory) throws Exception {
        TestDatabase database = TestPostgres.newDatabase();
        Map<String, String> sources = new HashMap<>(SOURCES);
        sources.put("MILLRACE_DATABASE_URL", database.jdbcUrl());
        sources.put("MILLRACE_DATABASE_USERNAME", database.username());
        sources.put("MILLRACE_DATABASE_PASSWORD", database.password());
        Map<String, String> environment = Chart.render(Map.of(), Chart.LEAST).environment(sources);
        List<String> notes = Pod.commands(Chart.notes(Chart.LEAST));
        List<String> page = Pod.commands(Files.readString(DEPLOYMENT)).stream()
                .filter(command -> command.contains("User:prometheus"))
                .toList();
        assertThat(notes).hasSize(3);
        assertThat(page).hasSize(2);

        try (Pod pod = Pod.start(environment, directory.resolve("hub.log"))) {
            URI topics = pod.api("/v1/topics");
            String admin = pod.run(notes.getFirst());
            assertThat(status(topics, "{\"name\":\"hello\"}", null)).isEqualTo(401);
            assertThat(status(topics, "{\"name\":\"hello\"}", admin)).isEqualTo(403);
            for (String rule : notes.subList(1, 3)) {
                pod.run(rule);
            }
            await().until(() -> status(topics, "{\"name\":\"hello\"}", admin) == 201);
            String records = "{\"records\":[{\"value\":1}]}";
            assertThat(status(pod.api("/v1/topics/hello/records"), records, admin))
                    .isEqualTo(200);
            assertThat(status(pod.api("/v1/topics/hello/partitions/0/records?offset=0"), null, admin))
                    .isEqualTo(200);

            URI metrics = pod.management("/actuator/prometheus");
            String prometheus = pod.run(page.getFirst());
            assertThat(status(metrics, null, null)).isEqualTo(401);
            assertThat(status(metrics, null, prometheus)).isEqualTo(403);
            pod.run(page.getLast());
            await().until(() -> status(metrics, null, prometheus) == 200);
            URI health = pod.management("/actuator/health/readiness");
            assertThat(status(health, null, null)).isEqualTo(200);
            assertThat(healthCheck(health.getPort())).as("the image's").isZero();
        }
    }

    @Test
    void theContainersOfThePageStart() throws Exception {
        Map<String, String> image = new LinkedHashMap<>();
        assertThat(Files.readString(Path.of("Dockerfile"))).contains("ENV SERVER_ADDRESS=0.0.0.0");
        image.put("SERVER_ADDRESS", "0.0.0.0");
        List<String> runs = DOCKER_RUN
                .matcher(Files.readString(DEPLOYMENT))
                .results()
                .map(run -> run.group())
                .toList();

        assertThatThrownBy(() -> initialized(image)).hasMessageContaining("without authentication and without TLS");
        assertThat(runs).isNotEmpty();
        for (String run : runs) {
            Map<String, String> environment = new LinkedHashMap<>(image);
            VARIABLE.matcher(run).results().forEach(set -> environment.put(set.group(1), set.group(2)));
            assertThat(security(initialized(environment)).required()).as(run).isTrue();
            assertThat(environment).as(run).containsKey("MILLRACE_DATABASE_URL");
        }
    }

    /** Runs the health check of the image; returns its exit code. */
    private static int healthCheck(int managementPort) throws Exception {
        Matcher check = Pattern.compile("(?m)^HEALTHCHECK .*\\\\\n +CMD (\\[.*])$")
                .matcher(Files.readString(Path.of("Dockerfile")));
        assertThat(check.find()).isTrue();
        List<String> command = List.of(JsonMapper.shared().readValue(check.group(1), String[].class));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("MANAGEMENT_SERVER_PORT", Integer.toString(managementPort));
        return builder.start().waitFor();
    }

    /** Starts the hub with these variables until all that it checks before it makes anything is checked. */
    private static ConfigurableEnvironment initialized(Map<String, String> variables) {
        StandardEnvironment environment = new StandardEnvironment();
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        environment
                .getPropertySources()
                .replace(name, new SystemEnvironmentPropertySource(name, new HashMap<>(variables)));
        AtomicReference<ConfigurableEnvironment> initialized = new AtomicReference<>();
        ApplicationListener<ApplicationContextInitializedEvent> end = event -> {
            initialized.set(event.getApplicationContext().getEnvironment());
            throw new AbandonedRunException(event.getApplicationContext());
        };
        try {
            new SpringApplicationBuilder(MillraceApplication.class)
                    .environment(environment)
                    .web(WebApplicationType.REACTIVE)
                    .registerShutdownHook(false)
                    .listeners(end)
                    .run();
        } catch (AbandonedRunException _) {
            return initialized.get();
        }
        throw new AssertionError("it was not ended");
    }

    private static SecurityProperties security(ConfigurableEnvironment environment) {
        return Binder.get(environment)
                .bind("millrace.security", SecurityProperties.class)
                .get();
    }

    /** Sends a POST, or without a body a GET. */
    private static int status(URI uri, @Nullable String body, @Nullable String key) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Content-Type", "application/json");
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        if (body != null) {
            request.POST(BodyPublishers.ofString(body));
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), BodyHandlers.discarding()).statusCode();
        }
    }
}
