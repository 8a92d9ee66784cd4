package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.stream.websocket.WsClient;
import io.millrace.testing.Hub;
import io.millrace.topic.Topic;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * All protocols answer the same mistake with the same code. Each row is one mistake and the requests that make it;
 * {@code $member} stands for the member that the set-up joined. The requests are sent literally, as no well-behaved
 * client makes them.
 */
class ProtocolRulesIT {

    /**
     * @param code of the problem
     * @param violation the code of its first violation; empty if it has none
     * @param requests {@code METHOD path body}, {@code SSE path}, or a frame that begins with a brace; with single
     *     quotes for double ones
     */
    record Rule(String name, String code, String violation, String... requests) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static final String LONG_NAME = "r".repeat(65);
    private static final String LONG_METADATA = "m".repeat(4097);

    private static final int DEADLINE_SECONDS = 20;

    private static Hub hub;
    private static HttpClient http;
    private static String member;

    private WsClient socket;

    @BeforeAll
    static void start() {
        hub = Hub.start();
        http = HttpClient.newHttpClient();
        Topic topic = hub.createTopic("rules", 2);
        StreamTopics.appendTo(hub, topic, 0, 3);
        hub.createTopic("others", 1);
        HttpResponse<String> joined = send("POST", "/v1/groups/rest/members", "{'topics':['rules']}");
        member = JsonMapper.shared().readTree(joined.body()).get("member_id").asString();
    }

    @BeforeEach
    void connect() {
        socket = WsClient.connect(hub);
        socket.send("{'type':'subscribe','id':'g','topics':['rules'],'group':'ws','instance_id':'one','credits':0}");
        socket.next("assigned");
        socket.send("{'type':'subscribe','id':'s','topics':['rules'],'credits':0}");
        socket.next("assigned");
    }

    @AfterEach
    void disconnect() {
        socket.close();
    }

    @AfterAll
    static void stop() {
        http.close();
        hub.close();
    }

    static Stream<Rule> rules() {
        return Stream.of(reading(), joining(), committing(), producing(), naming())
                .flatMap(List::stream);
    }

    private static List<Rule> reading() {
        return List.of(
                new Rule(
                        "a topic that does not exist",
                        "unknown_topic",
                        "",
                        "GET /v1/topics/none/partitions/0/records",
                        "SSE /v1/topics/none/stream",
                        "{'type':'subscribe','id':'x','topics':['none'],'credits':1}",
                        "{'type':'subscribe','id':'x','topic':'none','partitions':[{'partition':0,'next_offset':0}],'credits':1}"),
                new Rule(
                        "a partition that does not exist",
                        "unknown_partition",
                        "",
                        "GET /v1/topics/rules/partitions/2/records",
                        "SSE /v1/topics/rules/stream?partitions=0,2",
                        "{'type':'subscribe','id':'x','topic':'rules','partitions':[{'partition':2,'next_offset':0}],'credits':1}",
                        "{'type':'seek','id':'s','partitions':[{'partition':2,'next_offset':0}]}",
                        "{'type':'pause','id':'s','partitions':[{'partition':2}]}",
                        "{'type':'resume','id':'g','partitions':[{'partition':2}]}"),
                new Rule(
                        "the highest partition number",
                        "unknown_partition",
                        "",
                        "GET /v1/topics/rules/partitions/2147483647/records",
                        "SSE /v1/topics/rules/stream?partitions=2147483647",
                        "{'type':'subscribe','id':'x','topic':'rules','partitions':[{'partition':2147483647,'next_offset':0}],'credits':1}"),
                new Rule(
                        "a partition of more than 32 bits",
                        "invalid_request",
                        "out_of_range",
                        "SSE /v1/topics/rules/stream?partitions=2147483648",
                        "POST /v1/groups/rest/members/$member/offsets"
                                + " {'offsets':[{'topic':'rules','partition':2147483648,'next_offset':0}]}",
                        "{'type':'subscribe','id':'x','topic':'rules','partitions':[{'partition':2147483648,'next_offset':0}],'credits':1}",
                        "{'type':'commit','id':'g','offsets':[{'topic':'rules','partition':2147483648,'next_offset':0}]}"),
                new Rule(
                        "a partition twice",
                        "invalid_request",
                        "duplicate",
                        "SSE /v1/topics/rules/stream?partitions=0,1,0",
                        "SSE /v1/topics/rules/stream?partitions=0,00",
                        "POST /v1/groups/rest/members/$member/offsets"
                            + " {'offsets':[{'topic':'rules','partition':0,'next_offset':0},{'topic':'rules','partition':0,'next_offset':0}]}",
                        "PATCH /v1/groups/rest/offsets"
                            + " {'to':'latest','partitions':[{'topic':'rules','partition':0},{'topic':'rules','partition':0}]}",
                        "{'type':'subscribe','id':'x','topic':'rules','partitions':[{'partition':0,'next_offset':0},{'partition':0,'next_offset':1}],'credits':1}",
                        "{'type':'seek','id':'s','partitions':[{'partition':0,'next_offset':0},{'partition':0,'next_offset':1}]}",
                        "{'type':'seek','id':'s','partitions':[{'partition':0,'next_offset':0},{'topic':'rules','partition':0,'next_offset':1}]}",
                        "{'type':'pause','id':'s','partitions':[{'topic':'rules','partition':0},{'partition':0}]}",
                        "{'type':'resume','id':'s','partitions':[{'partition':0},{'partition':0}]}",
                        "{'type':'commit','id':'g','offsets':[{'topic':'rules','partition':0,'next_offset':0},{'topic':'rules','partition':0,'next_offset':0}]}"),
                new Rule(
                        "an invalid start",
                        "invalid_request",
                        "invalid_position",
                        "SSE /v1/topics/rules/stream?from=noon",
                        "SSE /v1/topics/rules/stream?from=-1",
                        "SSE /v1/topics/rules/stream?from=",
                        "SSE /v1/topics/rules/stream?from=253402300800000",
                        "SSE /v1/groups/x/stream?topics=rules&from=noon",
                        "SSE /v1/groups/x/stream?topics=rules&from=253402300800000",
                        "POST /v1/groups/x/members {'topics':['rules'],'from':'noon'}",
                        "POST /v1/groups/x/members {'topics':['rules'],'from':253402300800000}",
                        "{'type':'subscribe','id':'x','topics':['rules'],'from':'noon','credits':1}",
                        "{'type':'subscribe','id':'x','topics':['rules'],'from':253402300800000,'credits':1}",
                        "{'type':'subscribe','id':'x','topics':['rules'],'group':'x','from':-1,'credits':1}"),
                new Rule(
                        "a time after the year 9999",
                        "invalid_request",
                        "out_of_range",
                        "GET /v1/topics/rules/partitions/0/records?timestamp=253402300800000",
                        "PATCH /v1/groups/rest/offsets {'to':{'timestamp':253402300800000}}"),
                new Rule(
                        "a negative offset",
                        "invalid_request",
                        "out_of_range",
                        "GET /v1/topics/rules/partitions/0/records?offset=-1",
                        "PATCH /v1/groups/rest/offsets {'to':{'offset':-1}}",
                        "{'type':'subscribe','id':'x','topic':'rules','partitions':[{'partition':0,'next_offset':-1}],'credits':1}",
                        "{'type':'seek','id':'s','partitions':[{'partition':0,'next_offset':-1}]}"));
    }

    private static List<Rule> joining() {
        return List.of(
                join("no topics", "invalid_request", "required", "", ""),
                join(
                        "a topic twice",
                        "invalid_request",
                        "duplicate",
                        "topics=rules,rules",
                        "'topics':['rules','rules']"),
                join(
                        "a topic that does not exist",
                        "unknown_topic",
                        "unknown_topic",
                        "topics=none",
                        "'topics':['none']"),
                join(
                        "an invalid topic name",
                        "invalid_topic_name",
                        "invalid_topic_name",
                        "topics=..",
                        "'topics':['..']"),
                join(
                        "an invalid instance id",
                        "invalid_request",
                        "invalid_instance_id",
                        "topics=rules&instance_id=a%20b",
                        "'topics':['rules'],'instance_id':'a b'"),
                join(
                        "a session timeout that is too short",
                        "invalid_request",
                        "invalid_session_timeout",
                        "topics=rules&session_timeout_ms=1",
                        "'topics':['rules'],'session_timeout_ms':1"),
                join(
                        "a session timeout of 0",
                        "invalid_request",
                        "out_of_range",
                        "topics=rules&session_timeout_ms=0",
                        "'topics':['rules'],'session_timeout_ms':0"),
                join(
                        "an assignor that does not exist",
                        "invalid_request",
                        "unknown_assignor",
                        "topics=rules&assignor=best",
                        "'topics':['rules'],'assignor':'best'"),
                new Rule(
                        "an invalid group name",
                        "invalid_request",
                        "invalid_group",
                        "SSE /v1/groups/a%20b/stream?topics=rules",
                        "POST /v1/groups/a%20b/members {'topics':['rules']}",
                        "{'type':'subscribe','id':'x','topics':['rules'],'group':'a b','credits':1}"));
    }

    private static Rule join(String name, String code, String violation, String query, String fields) {
        return new Rule(
                "join: " + name,
                code,
                violation,
                "SSE /v1/groups/x/stream" + (query.isEmpty() ? "" : "?" + query),
                "POST /v1/groups/x/members {" + fields + "}",
                "{'type':'subscribe','id':'x','group':'x','credits':1" + (fields.isEmpty() ? "" : ",") + fields + "}");
    }

    private static List<Rule> committing() {
        String place = "'topic':'rules','partition':0";
        return List.of(
                commit("nothing", "invalid_request", "too_few", ""),
                commit("no topic", "invalid_request", "required", "{'partition':0,'next_offset':1}"),
                commit("no partition", "invalid_request", "required", "{'topic':'rules','next_offset':1}"),
                commit("no offset", "invalid_request", "required", "{" + place + "}"),
                commit("a negative offset", "invalid_request", "out_of_range", "{" + place + ",'next_offset':-1}"),
                commit("a fraction", "invalid_request", "wrong_type", "{" + place + ",'next_offset':0.5}"),
                commit(
                        "more than 64 bits",
                        "invalid_request",
                        "out_of_range",
                        "{" + place + ",'next_offset':9223372036854775808}"),
                commit("beyond the end", "offset_beyond_end", "offset_beyond_end", "{" + place + ",'next_offset':4}"),
                commit(
                        "far beyond the end",
                        "offset_beyond_end",
                        "offset_beyond_end",
                        "{" + place + ",'next_offset':9223372036854775807}"),
                commit(
                        "a topic that does not exist",
                        "unknown_topic",
                        "unknown_topic",
                        "{'topic':'none','partition':0,'next_offset':1}"),
                commit(
                        "a partition that does not exist",
                        "unknown_partition",
                        "unknown_partition",
                        "{'topic':'rules','partition':2,'next_offset':1}"),
                commit(
                        "a partition that the member does not own",
                        "stale_member_epoch",
                        "not_owned",
                        "{'topic':'others','partition':0,'next_offset':0}"),
                commit("an old epoch", "stale_member_epoch", "not_owned", "{" + place + ",'next_offset':0,'epoch':0}"),
                commit(
                        "a future epoch",
                        "stale_member_epoch",
                        "not_owned",
                        "{" + place + ",'next_offset':0,'epoch':1000000}"),
                commit(
                        "a negative epoch",
                        "invalid_request",
                        "out_of_range",
                        "{" + place + ",'next_offset':0,'epoch':-1}"),
                commit(
                        "too much metadata",
                        "invalid_request",
                        "invalid_metadata",
                        "{" + place + ",'next_offset':0,'metadata':'" + LONG_METADATA + "'}"),
                commit(
                        "an unknown field",
                        "invalid_request",
                        "unknown_field",
                        "{" + place + ",'next_offset':0,'x':1}"));
    }

    private static Rule commit(String name, String code, String violation, String offset) {
        return new Rule(
                "commit: " + name,
                code,
                violation,
                "POST /v1/groups/rest/members/$member/offsets {'offsets':[" + offset + "]}",
                "{'type':'commit','id':'g','offsets':[" + offset + "]}");
    }

    private static List<Rule> producing() {
        return List.of(
                produce("no records", "invalid_request", "empty", "rules", "1", ""),
                produce("acks that do not exist", "invalid_request", "out_of_range", "rules", "2", "{}"),
                produce("a topic that does not exist", "unknown_topic", "", "none", "1", "{}"),
                produce("an invalid topic name", "unknown_topic", "", "..a%20b", "1", "{}"),
                produce(
                        "a partition that does not exist",
                        "unknown_partition",
                        "unknown_partition",
                        "rules",
                        "1",
                        "{'partition':2}"),
                produce("a negative partition", "invalid_record", "out_of_range", "rules", "1", "{'partition':-1}"),
                produce(
                        "a time after the year 9999",
                        "invalid_record",
                        "out_of_range",
                        "rules",
                        "1",
                        "{'timestamp':253402300800000}"),
                produce(
                        "a record that is too large",
                        "record_too_large",
                        "record_too_large",
                        "rules",
                        "1",
                        "{'value':'" + "v".repeat(1024 * 1024) + "'}"));
    }

    private static Rule produce(String name, String code, String violation, String topic, String acks, String records) {
        return new Rule(
                "produce: " + name,
                code,
                violation,
                "POST /v1/topics/" + topic + "/records?acks=" + acks + " {'records':[" + records + "]}",
                "{'type':'produce','topic':'" + topic + "','acks':'" + acks + "','records':[" + records + "]}");
    }

    private static List<Rule> naming() {
        List<Rule> rules = new ArrayList<>();
        for (Map.Entry<String, String> name : Map.of(
                        "an empty name", "", "a long name", LONG_NAME, "half a surrogate pair", "\\ud800")
                .entrySet()) {
            String code = name.getKey().startsWith("half") ? "" : "out_of_range";
            String ref = "'ref':'" + name.getValue() + "'";
            rules.add(new Rule(
                    name.getKey(),
                    "invalid_request",
                    code,
                    "{'type':'produce'," + ref + ",'topic':'rules','records':[{}]}",
                    "{'type':'subscribe','id':'x'," + ref + ",'topics':['rules'],'credits':1}",
                    "{'type':'subscribe','id':'" + name.getValue() + "','topics':['rules'],'credits':1}",
                    "{'type':'permit','id':'s'," + ref + ",'records':1}",
                    "{'type':'seek','id':'s'," + ref + ",'partitions':[{'partition':0,'next_offset':0}]}",
                    "{'type':'pause','id':'s'," + ref + "}",
                    "{'type':'unsubscribe','id':'s'," + ref + "}",
                    "{'type':'commit','id':'g'," + ref
                            + ",'offsets':[{'topic':'rules','partition':0,'next_offset':0}]}"));
        }
        return rules;
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everyProtocolAnswersWithTheSameCode(Rule rule) throws Exception {
        for (String request : rule.requests()) {
            JsonNode problem = problem(request);
            assertThat(problem.path("code").asString())
                    .as("%s: %s", request, problem)
                    .isEqualTo(rule.code());
            if (!rule.violation().isEmpty()) {
                assertThat(problem.path("errors").path(0).path("code").asString())
                        .as("%s: %s", request, problem)
                        .isEqualTo(rule.violation());
            }
        }
    }

    private JsonNode problem(String request) throws Exception {
        if (request.startsWith("{")) {
            JsonNode frame = socket.send(request.replace("%20", " ")).next("error");
            assertThat(frame.path("ref").asString("")).hasSizeLessThan(65);
            return frame.get("problem");
        }
        String[] parts = request.split(" ", 3);
        HttpResponse<String> answer = parts[0].equals("SSE")
                ? send("GET", parts[1], null)
                : send(parts[0], parts[1].replace("$member", member), parts.length == 3 ? parts[2] : null);
        assertThat(answer.statusCode()).as(request).isBetween(400, 499);
        return JsonMapper.shared().readTree(answer.body());
    }

    private static HttpResponse<String> send(String method, String path, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(hub.http(path));
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofString(body.replace('\'', '"')));
        }
        // A request accepted by mistake may be a stream, which does not end.
        return http.sendAsync(request.build(), BodyHandlers.ofString())
                .orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
