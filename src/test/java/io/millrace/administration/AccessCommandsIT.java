package io.millrace.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.client.Answer;
import io.millrace.testing.Guarded;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code millrace keys} and {@code millrace acls} beside a running hub, which hears of what they do. */
class AccessCommandsIT {

    private record Result(int exitCode, String out, String err) {}

    private static TestDatabase database;
    private static Hub hub;

    @BeforeAll
    static void start() {
        database = TestPostgres.newDatabase();
        hub = Guarded.start(database, "millrace.security.refresh-interval=1h");
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void aKeyIsCreatedListedRotatedAndRevoked() throws Exception {
        String key = on("keys", "create", "--principal", "User:admin", "--description", "the first")
                .strip();
        String id = key.split("_")[1];
        assertThat(status(key, "/v1/topics")).isEqualTo(200);
        assertThat(on("keys", "list")).contains(id, "User:admin", "the first").doesNotContain(key);

        String next = on("keys", "rotate", id, "--overlap", "0ms").strip();

        await().until(() -> status(key, "/v1/topics") == 401);
        assertThat(status(next, "/v1/topics")).isEqualTo(200);

        assertThat(on("keys", "revoke", next.split("_")[1])).contains("is revoked");

        await().until(() -> status(next, "/v1/topics") == 401);
        assertThat(on("keys", "list", "--principal", "User:admin")).contains("revoked at");
    }

    @Test
    void aRuleIsAddedListedAndRemoved() throws Exception {
        hub.createTopic("commanded", 1);
        String key = on("keys", "create", "--principal", "User:reader").strip();
        JsonNode added = JsonMapper.shared()
                .readTree(on(
                        "acls",
                        "add",
                        "--principal",
                        "User:reader",
                        "--operation",
                        "describe",
                        "--resource",
                        "topic",
                        "--name",
                        "comm",
                        "--prefixed",
                        "--output",
                        "json"));
        String id = added.path("id").asString();

        await().until(() -> status(key, "/v1/topics/commanded") == 200);
        assertThat(on("acls", "list", "--principal", "User:reader"))
                .contains(id + "  User:reader  allow describe on topic comm*");

        on("acls", "remove", id);

        await().until(() -> status(key, "/v1/topics/commanded") == 403);
        assertThat(run(arguments("acls", "remove", id))).isEqualTo(new Result(1, "", "there is no rule " + id + "\n"));
    }

    @Test
    void aQuotaIsSetListedAndRemoved() throws Exception {
        String key = on("keys", "create", "--principal", "User:slow").strip();
        assertThat(status(key, "/v1/limits")).isEqualTo(200);

        assertThat(on("quotas", "set", "--principal", "User:slow", "--requests", "1"))
                .isEqualTo("User:slow  requests_per_second=1\n");

        await().until(() -> status(key, "/v1/limits") == 429);
        assertThat(on("quotas", "list")).isEqualTo("User:slow  requests_per_second=1\n");
        on("quotas", "set", "--principal", "User:slow", "--consumed-bytes", "5", "--connections", "1000");
        assertThat(on("quotas", "list"))
                .isEqualTo("User:slow  connections_per_second=1000 consumed_bytes_per_second=5\n");
        assertThat(on("quotas", "remove", "User:slow")).contains("is removed");
        assertThat(run(arguments("quotas", "remove", "User:slow")))
                .isEqualTo(new Result(1, "", "User:slow has no quota of its own\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "quotas set --principal User:a | a quota limits something",
                "quotas set --principal User:a --requests 0 | requests_per_second must be 1 to 1000000000",
                "quotas set --principal Group:a --requests 1 | quotas are of users",
                "keys create | Missing required option: '--principal=User:NAME'",
                "keys create --principal admin | --principal: a user is 'User:'",
                "keys create --principal User:* | --principal: a user is 'User:'",
                "keys list --output xml | 'xml' is not one of text, json",
                "keys rotate | Missing required parameter: 'ID'",
                "acls add --principal User:a --operation fly --resource topic --name t | 'fly' is not one of",
                "acls add --principal User:a --operation read --resource topic --name t* | a resource's name",
                "acls remove one | 'one' is not a long",
            })
    void wrongUsageIsExitCode2(String arguments, String message) {
        Result result = run(List.of(arguments.strip().split(" ")));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains(message.strip())
                .contains("Usage: millrace " + arguments.split(" ")[0]);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void aDatabaseThatCannotBeUsedIsExitCode1AndOneLine(@TempDir Path home) {
        TestDatabase unused = TestPostgres.newDatabase();

        assertThat(run(List.of("keys", "list", "--database-url", "", "--home", home.toString()))
                        .err())
                .contains("has no data of an embedded PostgreSQL");
        assertThat(run(List.of(
                                "keys",
                                "list",
                                "--database-url",
                                unused.jdbcUrl() + "&user=" + unused.username() + "&password=" + unused.password()))
                        .err())
                .isEqualTo("no hub of this version has used the database yet: start it once\n");
        Result refused = run(List.of("keys", "list", "--database-url", "postgresql://127.0.0.1:1/none"));
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err().lines()).singleElement().asString().startsWith("the database refuses: ");
    }

    private static int status(String key, String path) throws Exception {
        hub.present(key);
        Answer answer = hub.client().get(path);
        return answer.status();
    }

    /** What a command that succeeds prints. */
    private static String on(String... arguments) {
        Result result = run(arguments(arguments));
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result.out();
    }

    private static List<String> arguments(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--database-url",
                database.jdbcUrl() + "&user=" + database.username() + "&password=" + database.password()));
        return all;
    }

    private static Result run(List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commands = new CommandLine(new Commands());
        int exitCode = AclsCommand.configured(commands)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
        return new Result(exitCode, out.toString(), err.toString());
    }

    @CommandLine.Command(
            name = "millrace",
            subcommands = {KeysCommand.class, AclsCommand.class, QuotasCommand.class})
    private static final class Commands {}
}
