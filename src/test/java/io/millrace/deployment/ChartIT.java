package io.millrace.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.docs.DocumentedRow;
import io.millrace.docs.OperationsPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The chart renders objects that Kubernetes knows, with settings that the hub knows. */
class ChartIT {

    private static final Path CLOUDNATIVEPG = Chart.valuesOf("cloudnativepg");
    private static final Path EVERYTHING = Chart.valuesOf("everything");

    private static final String CA = "/etc/millrace/database/ca.crt";

    static Stream<Chart> charts() throws IOException {
        return Chart.cases().stream().map(values -> Chart.render(Map.of(), values));
    }

    @Test
    void helmHasNoObjections() {
        var result = Chart.lint();

        assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("charts")
    void everyFieldExists(Chart chart) {
        assertThat(chart.objects()).isNotEmpty();
        for (JsonNode object : chart.objects()) {
            assertThat(KubernetesObjects.problems(object))
                    .as(object.toPrettyString())
                    .isEmpty();
        }
    }

    @Test
    void aCaseSwitchesEverythingOn() {
        assertThat(Chart.render(Map.of(), EVERYTHING).objects().stream()
                        .map(object -> object.path("kind").asString())
                        .distinct())
                .containsExactlyInAnyOrder(
                        "Cluster",
                        "ConfigMap",
                        "Deployment",
                        "HTTPRoute",
                        "HorizontalPodAutoscaler",
                        "Ingress",
                        "NetworkPolicy",
                        "ObjectStore",
                        "PodDisruptionBudget",
                        "PrometheusRule",
                        "ScheduledBackup",
                        "Service",
                        "ServiceAccount",
                        "ServiceMonitor");
    }

    @ParameterizedTest
    @MethodSource("charts")
    void everyReferenceHasATarget(Chart chart) {
        JsonNode labels = chart.pod().path("metadata").path("labels");
        JsonNode service = chart.only("Service");
        String hub = chart.only("Deployment").path("metadata").path("name").asString();

        // A selector with fewer labels would take in the pods of other charts, or of other releases of this one.
        JsonNode hubs = chart.only("Deployment").at("/spec/selector/matchLabels");
        assertThat(hubs.propertyNames()).contains("app.kubernetes.io/name", "app.kubernetes.io/instance");
        assertThat(labels.properties()).containsAll(hubs.properties());
        assertThat(service.at("/spec/selector")).isEqualTo(hubs);
        for (String kind : List.of("PodDisruptionBudget", "NetworkPolicy")) {
            for (JsonNode object : chart.all(kind)) {
                assertThat(object.at(kind.equals("NetworkPolicy") ? "/spec/podSelector" : "/spec/selector")
                                .path("matchLabels"))
                        .as(kind)
                        .isEqualTo(hubs);
            }
        }
        for (JsonNode monitor : chart.all("ServiceMonitor")) {
            assertThat(monitor.at("/spec/selector/matchLabels").properties())
                    .isSubsetOf(service.at("/metadata/labels").properties());
            assertThat(monitor.at("/spec/endpoints/0/targetPort"))
                    .isEqualTo(chart.container().at("/ports/1/name"));
        }
        for (JsonNode scaler : chart.all("HorizontalPodAutoscaler")) {
            assertThat(scaler.at("/spec/scaleTargetRef/name").asString()).isEqualTo(hub);
            assertThat(chart.only("Deployment").at("/spec").has("replicas")).isFalse();
        }
        assertThat(names(chart.container().path("volumeMounts")))
                .containsExactlyInAnyOrderElementsOf(names(chart.pod().at("/spec/volumes")));
        assertThat(chart.pod().at("/spec/volumes/0/configMap/name"))
                .isEqualTo(chart.all("ConfigMap").getFirst().at("/metadata/name"));
        for (JsonNode ingress : chart.all("Ingress")) {
            assertThat(ingress.at("/spec/rules/0/http/paths/0/backend/service/name"))
                    .isEqualTo(service.at("/metadata/name"));
        }
        for (JsonNode route : chart.all("HTTPRoute")) {
            assertThat(route.at("/spec/rules/0/backendRefs/0/name")).isEqualTo(service.at("/metadata/name"));
            assertThat(route.at("/spec/rules/0/backendRefs/0/port")).isEqualTo(service.at("/spec/ports/0/port"));
        }
    }

    /** Other variables have only the task to be parts of those. */
    @ParameterizedTest
    @MethodSource("charts")
    void everyVariableIsASetting(Chart chart) throws Exception {
        Set<String> settings = variables();
        Set<String> parts = new HashSet<>();
        List<String> others = new ArrayList<>();
        for (JsonNode variable : chart.container().path("env")) {
            String name = variable.path("name").asString();
            Chart.REFERENCE
                    .matcher(variable.path("value").asString(""))
                    .results()
                    .forEach(part -> parts.add(part.group(1)));
            if (!settings.contains(name.replaceFirst("_\\d+$", ""))) {
                others.add(name);
            }
        }

        assertThat(chart.variable("SERVER_ADDRESS").path("value").asString()).isEqualTo("0.0.0.0");
        assertThat(chart.variable("MANAGEMENT_SERVER_ADDRESS").path("value").asString())
                .isEqualTo("0.0.0.0");
        assertThat(parts).contains("POD_IP");
        assertThat(others).containsExactlyInAnyOrderElementsOf(parts);
    }

    @Test
    void anExternalDatabaseIsTakenFromASecretByDefault() {
        Chart chart = Chart.render(Map.of(), Chart.LEAST);

        assertThat(chart.all("Cluster")).isEmpty();
        assertThat(chart.variable("MILLRACE_DATABASE_URL").at("/valueFrom/secretKeyRef"))
                .hasToString("{\"name\":\"millrace-database\",\"key\":\"url\"}");
        assertThat(chart.variable("MILLRACE_DATABASE_PASSWORD").at("/valueFrom/secretKeyRef"))
                .hasToString("{\"name\":\"millrace-database\",\"key\":\"password\",\"optional\":true}");
        assertThat(Chart.notes(Chart.LEAST)).contains("create secret generic millrace-database", "--from-literal=url=");
    }

    @Test
    void aUrlWithoutOptionsGetsThem() {
        Chart chart = Chart.render(
                Map.of(
                        "database.external.url",
                        "postgresql://db:5432/millrace",
                        "database.external.tls.mode",
                        "require"),
                Chart.LEAST);

        assertThat(chart.variable("MILLRACE_DATABASE_URL").path("value").asString())
                .isEqualTo("postgresql://db:5432/millrace?sslmode=require");
        assertThat(names(chart.container().path("env"))).doesNotContain("MILLRACE_DATABASE_PASSWORD");
    }

    @Test
    void cloudNativePgKeepsEveryCommitOnAStandby() {
        Chart chart = Chart.render(Map.of(), CLOUDNATIVEPG);
        JsonNode cluster = chart.only("Cluster").path("spec");

        assertThat(cluster.path("instances").asInt()).isEqualTo(3);
        assertThat(cluster.at("/postgresql/synchronous"))
                .hasToString("{\"method\":\"any\",\"number\":1,\"dataDurability\":\"required\","
                        + "\"failoverQuorum\":true}");
        assertThat(cluster.at("/bootstrap/initdb/postInitSQL/0").asString())
                .isEqualTo("grant pg_monitor to "
                        + cluster.at("/bootstrap/initdb/owner").asString());
        assertThat(chart.variable("DATABASE_URI").at("/valueFrom/secretKeyRef"))
                .hasToString("{\"name\":\"millrace-db-app\",\"key\":\"uri\"}");
        assertThat(chart.variable("MILLRACE_DATABASE_URL").path("value").asString())
                .isEqualTo("$(DATABASE_URI)?sslmode=verify-full&sslrootcert=" + CA);
        assertThat(chart.mounted(CA)).contains("\"secretName\":\"millrace-db-ca\"");
    }

    /** Its commits would wait for ever: it has no standby. */
    @Test
    void aSingleInstanceWaitsForNoStandby() {
        Chart chart = Chart.render(Map.of("database.cloudnativepg.instances", "1"), CLOUDNATIVEPG);

        assertThat(chart.only("Cluster").at("/spec/postgresql").has("synchronous"))
                .isFalse();
    }

    @Test
    void anExistingClusterIsUsed() {
        Chart chart = Chart.render(
                Map.of("database.cloudnativepg.create", "false", "database.cloudnativepg.name", "events"),
                CLOUDNATIVEPG);

        assertThat(chart.all("Cluster")).isEmpty();
        assertThat(chart.variable("DATABASE_URI")
                        .at("/valueFrom/secretKeyRef/name")
                        .asString())
                .isEqualTo("events-app");
    }

    @Test
    void everyNameByWhichClientsCallIsTheHubs() {
        assertThat(Chart.render(Map.of(), Chart.LEAST)
                        .variable("MILLRACE_HTTP_HOSTS")
                        .path("value")
                        .asString())
                .isEqualTo("millrace,millrace.hubs,millrace.hubs.svc,millrace.hubs.svc.cluster.local");
        assertThat(Chart.render(Map.of(), EVERYTHING)
                        .variable("MILLRACE_HTTP_HOSTS")
                        .path("value")
                        .asString()
                        .split(","))
                .containsExactly(
                        "millrace-hub",
                        "millrace-hub.hubs",
                        "millrace-hub.hubs.svc",
                        "millrace-hub.hubs.svc.example.internal",
                        "hub.example.org",
                        "events.example.org",
                        "*.hubs.example.org");
    }

    @Test
    void podsAreReplacedWhenTheConfigurationChanges() {
        String checksum = "/metadata/annotations/checksum~1config";
        JsonNode before = Chart.render(Map.of(), Chart.LEAST).pod().at(checksum);
        JsonNode again =
                Chart.render(Map.of("replicaCount", "3"), Chart.LEAST).pod().at(checksum);
        JsonNode after = Chart.render(Map.of("config.millrace.append.lanes", "3"), Chart.LEAST)
                .pod()
                .at(checksum);

        assertThat(before.asString()).hasSize(64);
        assertThat(again).isEqualTo(before);
        assertThat(after).isNotEqualTo(before);
    }

    @Test
    void theHubHasTheTimeToStopThatItNeeds() throws Exception {
        Matcher allowed = Pattern.compile("Allow (\\d+) s before SIGKILL")
                .matcher(OperationsPage.read().text());
        assertThat(allowed.find()).isTrue();
        Chart chart = Chart.render(Map.of(), Chart.LEAST);
        String sleep = chart.container().at("/lifecycle/preStop/exec/command/1").asString();

        assertThat(chart.pod().at("/spec/terminationGracePeriodSeconds").asInt())
                .isEqualTo(Integer.parseInt(allowed.group(1)) + Integer.parseInt(sleep));
    }

    @Test
    void theImageIsTheOneOfTheDockerfile() throws Exception {
        String dockerfile = Files.readString(Path.of("Dockerfile"));
        Chart chart = Chart.render(Map.of(), Chart.LEAST);
        JsonNode security = chart.pod().at("/spec/securityContext");

        assertThat(dockerfile)
                .contains("WORKDIR /opt/millrace\n")
                .contains("USER " + security.path("runAsUser") + ":" + security.path("runAsGroup") + "\n")
                .contains("EXPOSE " + chart.container().at("/ports/0/containerPort") + "\n");
        assertThat(chart.container().at("/volumeMounts/0/mountPath").asString()).isEqualTo("/opt/millrace/config");
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains(
                        "<version>" + chart.container().path("image").asString().split(":")[1] + "</version>");
    }

    /** {@code OperationsPageIT} compares the page's queries with the series of a running hub. */
    @Test
    void theAlarmsAreThoseOfTheOperatorsGuide() throws Exception {
        Set<String> documented = OperationsPage.read().blocks("promql").stream()
                .flatMap(String::lines)
                .filter(line -> !line.startsWith("#"))
                .map(ChartIT::ofAnyHub)
                .collect(Collectors.toSet());
        List<JsonNode> rules = new ArrayList<>();
        Chart.render(Map.of("prometheusRule.enabled", "true"), Chart.LEAST)
                .only("PrometheusRule")
                .at("/spec/groups/0/rules")
                .forEach(rules::add);

        assertThat(documented).hasSizeGreaterThan(10);
        assertThat(rules.stream().map(rule -> ofAnyHub(rule.path("expr").asString())))
                .containsExactlyInAnyOrderElementsOf(documented);
        assertThat(rules.stream().map(rule -> rule.path("alert").asString())).doesNotHaveDuplicates();
        for (JsonNode rule : rules) {
            String expression = rule.path("expr").asString();
            assertThat(expression.split("job=\"millrace\",namespace=\"hubs\"", -1).length - 1)
                    .as("every series of %s is of this release's hubs", expression)
                    .isEqualTo(series(expression));
        }
    }

    @Test
    void theNotesShowTheFirstRecordAsTheReadmeDoes() throws Exception {
        Matcher first = Pattern.compile("(?ms)^```sh\n([^`]*\"name\":\"hello\"[^`]*)^```$")
                .matcher(Files.readString(Path.of("README.md")));
        assertThat(first.find()).isTrue();
        List<String> ofTheReadme = first.group(1).lines().map(String::strip).toList();
        String notes = Chart.notes(Chart.LEAST);
        String key = " -H \"Authorization: Bearer $KEY\"";

        assertThat(lines(Chart.notes(Chart.valuesOf("anonymous")))).containsAll(ofTheReadme);
        assertThat(notes.split("curl", -1)).hasSameSizeAs(notes.split(Pattern.quote("curl -sS" + key), -1));
        assertThat(lines(notes.replace(key, ""))).containsAll(ofTheReadme);
        assertThat(lines(notes)).contains("kubectl --namespace hubs port-forward service/millrace 8080:8080");
    }

    @ParameterizedTest
    @CsvSource({
        "replicas,                              3,          replicas",
        "database.external.hostname,            db,         hostname",
        "database.mode,                         embedded,   cloudnativepg",
        "database.external.url,                 postgresql://user:secret@db/millrace, url",
        "database.cloudnativepg.instances,      0,          instances",
        "database.cloudnativepg.tls.mode,       disable,    verify-full",
        "database.cloudnativepg.backup.enabled, true,       destinationPath",
        "image.digest,                          latest,     digest",
        "ingress.enabled,                       true,       hosts",
        "httpRoute.enabled,                     true,       parentRefs",
        "service.type,                          Headless,   ClusterIP",
        "tls.clientAuth,                        always,     need",
        "security.authentication,               optional,   required",
        "security.superUsers[0],                admin,      superUsers",
        "security.auditTopic,                   a/b,        auditTopic",
        "security.oidc.issuer,                  http://login.example.org, issuer",
        "shutdownSeconds,                       forty,      shutdownSeconds",
        "podDisruptionBudget.maxUnavailable,    0,          maxUnavailable",
    })
    void wrongValuesAreRefusedByTheSchema(String name, String value, String mentioned) {
        assertThatThrownBy(() -> Chart.render(Map.of(name, value)))
                .hasMessageContaining("values don't meet the specifications of the schema")
                .hasMessageContaining(mentioned);
    }

    @ParameterizedTest
    @CsvSource({
        "database.external.tls.mode=verify-full, write sslmode",
        "database.external.url=postgresql://db/m;database.external.tls.mode=verify-full, caSecret.name is empty",
        "database.external.url=postgresql://db/m?sslmode=require;database.external.tls.mode=require, has an sslmode",
        "database.mode=cloudnativepg;database.cloudnativepg.synchronousStandbys=3, every commit waits for ever",
        "tls.clientAuth=need, tls.existingSecret",
        "tls.clientAuth=need;tls.existingSecret=hub-tls, tls.clientCaSecret.name is empty",
        "service.type=LoadBalancer, networkPolicy.allowFrom is empty",
        "serviceMonitor.enabled=true;serviceMonitor.authorization.secretName=key, networkPolicy.allowMetricsFrom is"
                + " empty",
    })
    void valuesThatContradictEachOtherAreRefused(String values, String reason) {
        Map<String, String> contradiction = Stream.of(values.split(";"))
                .map(value -> value.split("=", 2))
                .collect(Collectors.toMap(value -> value[0], value -> value[1]));

        assertThatThrownBy(() -> Chart.render(contradiction, Chart.LEAST)).hasMessageContaining(reason);
    }

    @Test
    void everyValueIsInTheSchemaAndNoOther() throws Exception {
        JsonNode values =
                Chart.parse(Files.readString(Chart.HOME.resolve("values.yaml"))).getFirst();
        JsonNode schema = Chart.parse(Files.readString(Chart.HOME.resolve("values.schema.json")))
                .getFirst();

        assertThat(leaves(values, schema, "")).hasSizeGreaterThan(50);
    }

    /** The names of the schema, all of which have a value. */
    private static List<String> leaves(JsonNode values, JsonNode schema, String path) {
        List<String> leaves = new ArrayList<>();
        JsonNode properties = schema.path("properties");
        assertThat(schema.path("additionalProperties").asBoolean()).as(path).isFalse();
        Set<String> declared = new HashSet<>(properties.propertyNames());
        // Helm adds it to the values of every chart.
        declared.remove("global");
        assertThat(values.propertyNames()).as(path).containsExactlyInAnyOrderElementsOf(declared);
        for (String name : declared) {
            if (properties.path(name).has("properties")) {
                leaves.addAll(leaves(values.path(name), properties.path(name), path + name + "."));
            } else {
                leaves.add(path + name);
            }
        }
        return leaves;
    }

    private static List<String> lines(String text) {
        return text.lines().map(String::strip).toList();
    }

    private static Set<String> variables() throws IOException {
        return DocumentedRow.all("docs/configuration.md").stream()
                .map(row -> row.name().replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    private static List<String> names(JsonNode objects) {
        List<String> names = new ArrayList<>();
        objects.forEach(object -> names.add(object.path("name").asString()));
        return names;
    }

    private static String ofAnyHub(String query) {
        return query.replaceAll("(job|namespace)=\"\\w+\",?", "").replace("{}", "");
    }

    /** How many times a query selects series, each of which should say of which hubs. */
    private static int series(String query) {
        return (int) Pattern.compile("\\b(?:up|(?:millrace|jvm|hikaricp|http_server|ssl)_\\w+)\\b")
                .matcher(query)
                .results()
                .count();
    }
}
