package io.millrace.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.docs.DocumentedRow;
import io.millrace.docs.OperationsPage;
import io.millrace.event.Acks;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.JsonNode;

/** {@code docker-compose.yml} is consistent, and its scripts make a synchronous standby. */
class ComposeIT {

    private static final Set<String> FIELDS = Set.of(
            "build",
            "command",
            "configs",
            "depends_on",
            "entrypoint",
            "environment",
            "healthcheck",
            "image",
            "ports",
            "restart",
            "shm_size",
            "stop_grace_period",
            "user",
            "volumes");

    private static final Set<String> HUBS = Set.of("hub-1", "hub-2");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** With characters that shells, SQL and connection strings treat in their own ways. */
    private static final String PASSWORD = "it's \"$HOME\" \\ secret";

    @Test
    void everyReferenceHasATarget() throws Exception {
        ComposeFile file = ComposeFile.read(Map.of());
        JsonNode services = file.json().path("services");

        assertThat(services.propertyNames()).containsExactlyInAnyOrder("hub-1", "hub-2", "primary", "standby");
        for (var service : services.properties()) {
            JsonNode fields = service.getValue();
            assertThat(fields.propertyNames()).as(service.getKey()).isSubsetOf(FIELDS);
            assertThat(services.propertyNames())
                    .containsAll(fields.path("depends_on").propertyNames());
            for (JsonNode volume : fields.path("volumes")) {
                assertThat(file.json().path("volumes").propertyNames())
                        .contains(volume.asString().split(":")[0]);
            }
            for (JsonNode config : fields.path("configs")) {
                assertThat(file.config(service.getKey(), config.path("target").asString()))
                        .isNotEmpty();
            }
        }
    }

    @Test
    void theHubsAreConfiguredAlikeWithSettingsThatExist() throws Exception {
        ComposeFile file = ComposeFile.read(Map.of());
        Set<String> settings = DocumentedRow.all("docs/configuration.md").stream()
                .map(row -> row.name().replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());
        Matcher time = Pattern.compile("Allow (\\d+) s before SIGKILL")
                .matcher(OperationsPage.read().text());
        assertThat(time.find()).isTrue();

        Set<String> ports = new HashSet<>();
        for (String hub : HUBS) {
            Map<String, String> environment = file.environment(hub);
            assertThat(environment.keySet()).isSubsetOf(settings);
            assertThat(environment)
                    .containsEntry("MILLRACE_DATABASE_URL", "postgresql://primary:5432,standby:5432/millrace")
                    .containsEntry("MILLRACE_HTTP_HOSTS", "hub-1,hub-2")
                    .containsEntry("MILLRACE_CLUSTER_ADDRESS", "http://" + hub + ":8080")
                    .containsEntry(
                            "MILLRACE_DATABASE_PASSWORD",
                            file.environment("primary").get("POSTGRES_PASSWORD"));
            assertThat(file.service(hub).path("stop_grace_period").asString()).isEqualTo(time.group(1) + "s");
            assertThat(file.service(hub).path("ports")).hasSize(1);
            ports.add(file.service(hub).at("/ports/0").asString());
        }
        assertThat(ports).hasSize(2).allMatch(port -> port.startsWith("127.0.0.1:") && port.endsWith(":8080"));
    }

    @Test
    @EnabledIf("io.millrace.testing.DebianPostgres#installed")
    void theStandbyHasEveryCommitAndTakesOver() throws Exception {
        ComposeFile file = ComposeFile.read(Map.of("POSTGRES_PASSWORD", PASSWORD));
        try (ComposeServers servers = ComposeServers.start(file)) {
            awaitSynchronous(servers);
            Path copied = Files.writeString(servers.standby().directory().resolve("copied"), "once");
            storeARecord(servers);
            assertThat(commit(servers, servers.primary(), "on")).succeedsWithin(PATIENCE);

            servers.stopStandby();
            CompletableFuture<Void> waiting = commit(servers, servers.primary(), "on");
            assertThat(commit(servers, servers.primary(), "local")).succeedsWithin(PATIENCE);
            await().during(Duration.ofMillis(500)).until(() -> !waiting.isDone());

            servers.startStandbyAgain();
            assertThat(waiting).succeedsWithin(PATIENCE);
            awaitSynchronous(servers);
            assertThat(copied).exists();

            servers.removePrimary();
            promote(servers);
            assertThat(commit(servers, servers.standby(), "on")).succeedsWithin(PATIENCE);
            assertThat(one(servers, servers.standby(), "select count(*) from committed"))
                    .isEqualTo("4");
            assertThat(one(servers, servers.standby(), "select count(*) from millrace.record"))
                    .isEqualTo("1");
        }
    }

    private static void awaitSynchronous(ComposeServers servers) {
        String standbys = "select string_agg(application_name || ' ' || sync_state, ',') from pg_stat_replication";
        await().atMost(PATIENCE).until(() -> one(servers, servers.primary(), standbys), "standby sync"::equals);
        assertThat(one(servers, servers.primary(), "select slot_name || ' ' || active from pg_replication_slots"))
                .isEqualTo("standby true");
    }

    /** As the hubs of the file do: of the two servers, they find the one that takes writes. */
    private static void storeARecord(ComposeServers servers) throws Exception {
        String url = "jdbc:postgresql://127.0.0.1:" + servers.standby().port() + ",127.0.0.1:"
                + servers.primary().port() + "/millrace?targetServerType=primary";
        try (Hub hub = Hub.start(new TestDatabase(url, "millrace", PASSWORD))) {
            hub.createTopic("t", 1);
            byte[] record = "{\"records\":[{\"value\":1}]}".getBytes(StandardCharsets.UTF_8);
            hub.client().records().produce("t", record, Acks.LEADER);
        }
    }

    /** Done when the commit has returned. */
    private static CompletableFuture<Void> commit(
            ComposeServers servers, ComposeServers.Server server, String synchronousCommit) {
        return CompletableFuture.runAsync(
                () -> {
                    try (Connection connection = servers.connect(server);
                            Statement statement = connection.createStatement()) {
                        statement.execute("set synchronous_commit = local");
                        statement.execute("create table if not exists committed (n int)");
                        statement.execute("set synchronous_commit = " + synchronousCommit);
                        statement.execute("insert into committed values (1)");
                    } catch (SQLException failure) {
                        throw new IllegalStateException(failure);
                    }
                },
                Thread::startVirtualThread);
    }

    /** By the commands in {@code docs/deployment.md}. */
    private static void promote(ComposeServers servers) throws Exception {
        Matcher sql =
                Pattern.compile("(?ms)<<'SQL'\n(.*?)^SQL$").matcher(Files.readString(Path.of("docs", "deployment.md")));
        assertThat(sql.find()).isTrue();
        try (Connection standby = servers.connect(servers.standby());
                Statement statement = standby.createStatement()) {
            for (String command : sql.group(1).lines().toList()) {
                statement.execute(command);
            }
        }
        await().atMost(PATIENCE).until(() -> one(servers, servers.standby(), "show in_hot_standby"), "off"::equals);
    }

    private static String one(ComposeServers servers, ComposeServers.Server server, String query) {
        try (Connection connection = servers.connect(server);
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return String.valueOf(row.getString(1));
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
