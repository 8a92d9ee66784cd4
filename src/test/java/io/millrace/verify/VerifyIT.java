package io.millrace.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.RefusedException;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.verify.TamperingProxy.Call;
import io.millrace.verify.TamperingProxy.Forward;
import io.millrace.verify.TamperingProxy.Reply;
import io.millrace.verify.TamperingProxy.Tampering;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs {@code verify} against hubs that keep their promises, and through proxies that break them. */
class VerifyIT {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String SHORT = " --partitions 2 --duration 2s --rate 400 --settling 5s";

    private static TestDatabase database;
    private static Hub hub;

    @BeforeAll
    static void start() {
        database = TestPostgres.newDatabase();
        hub = Hub.start(database);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void twoHubsKeepTheirPromisesToMembersOfAllProtocols() throws Exception {
        VerifyShell.Result result;
        try (Hub other = Hub.start(database)) {
            result = VerifyShell.run("--url %s --url %s --consumers 6 --producers 4 --duration 4s --rate 2000 --seed 11"
                            .formatted(hub.http(""), other.http(""))
                    + " --topic both --output json");
        }

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        JsonNode document = JSON.readTree(result.out());
        JsonNode results = document.path("results");
        assertThat(results.path("requests_stored").intValue()).isGreaterThan(100);
        assertThat(results.path("requests_not_stored").intValue()).isZero();
        assertThat(results.path("requests_unknown").intValue()).isZero();
        assertThat(results.path("seed").asString()).isEqualTo("11");
        assertThat(document.path("promises"))
                .hasSize(10)
                .filteredOn(promise -> promise.path("number").intValue() != 6)
                .allSatisfy(promise -> {
                    assertThat(promise.path("status").asString()).isEqualTo("kept");
                    assertThat(promise.path("evidence").asString()).matches("[1-9].*");
                });
        assertThat(document.path("environment").path("hub_version").asString()).isNotEmpty();
        assertThat(document.path("parameters").path("url")).hasSize(2);
        assertThat(result.err()).contains(" records sent  requests: ").contains("the log is read");
        assertThat(topicExists("both")).isFalse();
    }

    @Test
    void theTopicIsKeptIfAskedAndNotUsedTwice() throws Exception {
        assertThat(run("--topic kept --keep --consumers 0 --acks 0").exitCode()).isZero();
        assertThat(topicExists("kept")).isTrue();

        VerifyShell.Result again = run("--topic kept");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("topic kept already exists: a run needs a topic of its own");
        assertThat(topicExists("kept")).isTrue();
    }

    @Test
    void aDeploymentThatStoresNothingHasNoVerdict() {
        VerifyShell.Result result = run("--acks all");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .containsPattern("answers +503 not_enough_replicas: ")
                .doesNotContain("BROKEN");
        assertThat(result.err()).contains("no verdict: no record was stored");
    }

    /** Each is correct: the client cannot know whether the records are stored. */
    @Test
    void aGatewaysErrorsAreUnknownOutcomes() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Tampering gateway = (call, to) -> {
            boolean fails = isProduce(call) && calls.incrementAndGet() % 5 == 0;
            Reply reply = fails && calls.get() % 2 == 0 ? null : to.to(call);
            return fails ? new Reply(502, "text/html", "<h1>Bad Gateway</h1>".getBytes(StandardCharsets.UTF_8)) : reply;
        };
        VerifyShell.Result result = through(gateway);

        assertThat(result.exitCode()).as(result.out()).isZero();
        assertThat(result.out())
                .containsPattern("answers +200: \\d+, 502: ")
                .containsPattern("requests unknown +[1-9]");
    }

    /** What a proxy does to one call, and what the report says of it. */
    private enum Lie {
        A_REQUEST_IS_ANSWERED_BUT_NOT_FORWARDED(
                " 1  BROKEN .*\n +lost: record 0 of request p\\d-\\d+ .* acknowledged at offset 0 of partition 0\n"),
        A_REQUEST_IS_FORWARDED_BUT_REFUSED(
                "10  BROKEN .*\n +reported as not stored, but is: request p\\d-\\d+, beginning with record 0 of"),
        A_REQUEST_IS_FORWARDED_TWICE(" 5  BROKEN .*\n +stored twice: record \\d+ of request p\\d-\\d+ .*"),
        A_REQUEST_IS_TORN(" 5  BROKEN .*\n +torn: \\d+ of \\d+ records of request p\\d-\\d+"),
        A_POSITION_IS_WRONG(
                "10  BROKEN .*\n +misplaced: record 0 of request p\\d-\\d+ .* acknowledged at offset 1000000 "),
        A_RECORD_IS_DROPPED_FROM_READS(" 2  BROKEN .*\n +offset 3 was expected instead of record \\d+ of request"),
        A_RECORD_IS_DROPPED_FROM_THE_GROUP(" 9  BROKEN .*\n(.*\n)* +never processed: record \\d+ of request p"),
        A_RECORD_IS_CHANGED_IN_READS(" 4  BROKEN .*\n(.*\n)* +delivered to the follower of http.* as record \\d+"),
        COMMITS_ARE_ANSWERED_BUT_NOT_FORWARDED(" 8  BROKEN .*\n +acknowledged, but not stored: Commit"),
        A_COMMITTED_OFFSET_FALLS(" 8  BROKEN .*\n(.*\n)* +the committed offset fell: Observed"),
        A_COMMITTED_OFFSET_IS_BEYOND_THE_END(" 8  BROKEN .*\n(.*\n)* +committed beyond the end: Observed");

        private final String report;

        Lie(String report) {
            this.report = report;
        }
    }

    @ParameterizedTest
    @EnumSource(Lie.class)
    void everyLieIsFound(Lie lie) throws Exception {
        VerifyShell.Result result = through(lying(lie));

        assertThat(result.out()).containsPattern(lie.report);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).containsPattern("\\d promises? w(as|ere) broken");
    }

    private static Tampering lying(Lie lie) {
        AtomicInteger calls = new AtomicInteger();
        return switch (lie) {
            case A_REQUEST_IS_ANSWERED_BUT_NOT_FORWARDED -> once(VerifyIT::isProduce, (call, _) -> stored(call));
            case A_REQUEST_IS_FORWARDED_BUT_REFUSED ->
                once(VerifyIT::isProduce, (call, to) -> {
                    to.to(call);
                    return refusal();
                });
            case A_REQUEST_IS_FORWARDED_TWICE ->
                once(VerifyIT::isProduce, (call, to) -> {
                    to.to(call);
                    return to.to(call);
                });
            case A_REQUEST_IS_TORN ->
                once(
                        call -> isProduce(call)
                                && JSON.readTree(call.body()).path("records").size() > 1,
                        (call, to) -> {
                            to.to(changed(call, body -> records(body).remove(0)));
                            return refusal();
                        });
            case A_POSITION_IS_WRONG ->
                once(
                        VerifyIT::isProduce,
                        (call, to) -> changed(
                                to.to(call),
                                body -> ((ObjectNode) body.path("results").path(0)).put("offset", 1_000_000)));
            case A_RECORD_IS_DROPPED_FROM_READS ->
                (call, to) -> isRead(call) ? changed(to.to(call), VerifyIT::dropOffset3) : to.to(call);
            case A_RECORD_IS_DROPPED_FROM_THE_GROUP ->
                (call, to) -> isPoll(call)
                        ? changed(to.to(call), body -> body.path("partitions").forEach(VerifyIT::dropOffset3))
                        : to.to(call);
            case A_RECORD_IS_CHANGED_IN_READS ->
                (call, to) -> isRead(call) && call.path().contains("wait=")
                        ? changed(to.to(call), VerifyIT::changeOffset3)
                        : to.to(call);
            case COMMITS_ARE_ANSWERED_BUT_NOT_FORWARDED ->
                (call, to) -> isCommit(call) && calls.incrementAndGet() > 3
                        ? new Reply(204, "application/json", new byte[0])
                        : to.to(call);
            case A_COMMITTED_OFFSET_FALLS ->
                (call, to) -> isOffsets(call) && calls.incrementAndGet() > 5
                        ? changed(to.to(call), body -> setCommitted(body, 1))
                        : to.to(call);
            case A_COMMITTED_OFFSET_IS_BEYOND_THE_END ->
                (call, to) ->
                        isOffsets(call) ? changed(to.to(call), body -> setCommitted(body, 1_000_000)) : to.to(call);
        };
    }

    /** Which calls a lie is about. */
    @FunctionalInterface
    private interface Choice {

        boolean accepts(Call call);
    }

    /** Lies to the third call of a kind. */
    private static Tampering once(Choice which, Tampering lie) {
        AtomicInteger calls = new AtomicInteger();
        return (Call call, Forward to) ->
                which.accepts(call) && calls.incrementAndGet() == 3 ? lie.reply(call, to) : to.to(call);
    }

    private static boolean isProduce(Call call) {
        return call.method().equals("POST") && call.path().matches("/v1/topics/[^/]+/records.*");
    }

    private static boolean isRead(Call call) {
        return call.path().matches("/v1/topics/[^/]+/partitions/0/records.*");
    }

    private static boolean isPoll(Call call) {
        return call.path().matches("/v1/groups/[^/]+/members/[^/]+/records.*");
    }

    private static boolean isCommit(Call call) {
        return call.path().matches("/v1/groups/[^/]+/members/[^/]+/offsets");
    }

    private static boolean isOffsets(Call call) {
        return call.path().matches("/v1/groups/[^/]+/offsets");
    }

    private static Reply stored(Call call) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode results = answer.putArray("results");
        int count = JSON.readTree(call.body()).path("records").size();
        for (int i = 0; i < count; i++) {
            results.addObject().put("partition", 0).put("offset", i);
        }
        return new Reply(200, "application/json", JSON.writeValueAsBytes(answer));
    }

    private static Reply refusal() {
        return new Reply(
                503,
                "application/problem+json",
                "{\"status\":503,\"code\":\"storage_unavailable\",\"retryable\":true}"
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static Call changed(Call call, Consumer<JsonNode> change) {
        return new Call(call.method(), call.path(), changed(call.body(), change));
    }

    private static Reply changed(Reply reply, Consumer<JsonNode> change) {
        return reply.status() == 200 ? new Reply(reply.status(), reply.type(), changed(reply.body(), change)) : reply;
    }

    private static byte[] changed(byte[] json, Consumer<JsonNode> change) {
        JsonNode body = JSON.readTree(json);
        change.accept(body);
        return JSON.writeValueAsBytes(body);
    }

    private static ArrayNode records(JsonNode body) {
        return (ArrayNode) body.path("records");
    }

    private static void dropOffset3(JsonNode page) {
        JsonNode records = page.path("records");
        for (int i = 0; i < records.size(); i++) {
            if (records.path(i).path("offset").longValue() == 3) {
                ((ArrayNode) records).remove(i);
            }
        }
    }

    private static void changeOffset3(JsonNode page) {
        for (JsonNode record : page.path("records")) {
            if (record.path("offset").longValue() == 3) {
                ((ObjectNode) record.path("value")).put("sequence", 1_000_000);
            }
        }
    }

    private static void setCommitted(JsonNode body, long offset) {
        body.path("offsets").forEach(entry -> ((ObjectNode) entry).put("next_offset", offset));
    }

    /** One producer and one member whose calls are requests. */
    private static VerifyShell.Result through(Tampering tampering) throws IOException {
        try (TamperingProxy proxy = new TamperingProxy(hub.http("/"), tampering)) {
            return VerifyShell.run("--url " + proxy.url() + SHORT + " --producers 1 --consumers 1 --protocols rest");
        }
    }

    private static VerifyShell.Result run(String arguments) {
        return VerifyShell.run("--url " + hub.http("") + SHORT + " " + arguments);
    }

    private static boolean topicExists(String name) throws Exception {
        try {
            hub.client().topics().describe(name);
            return true;
        } catch (RefusedException refusal) {
            return false;
        }
    }
}
