package io.millrace.rest;

import static io.millrace.rest.HttpApi.JSON;
import static io.millrace.rest.HttpApi.elements;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/** A member of a group that calls a different node each time. */
final class GroupMember {

    private final List<HttpApi> nodes;
    private final String group;
    private final String id;
    private final JsonNode joined;
    private int calls;

    private GroupMember(List<HttpApi> nodes, String group, JsonNode joined) {
        this.nodes = nodes;
        this.group = group;
        this.joined = joined;
        this.id = joined.path("member_id").asString();
    }

    /** @param fields further fields of the request's body after the topic, such as {@code ,"from":"earliest"} */
    static GroupMember join(List<HttpApi> nodes, String group, String topic, String fields) {
        Answer answer = nodes.getFirst()
                .post("/v1/groups/" + group + "/members", JSON, "{\"topics\":[\"" + topic + "\"]" + fields + "}")
                .hasStatus(201);
        return new GroupMember(nodes, group, answer.json());
    }

    String id() {
        return id;
    }

    /** The answer to the join. */
    JsonNode joined() {
        return joined;
    }

    Answer read(String query) {
        return node().get(path("/records") + query);
    }

    CompletableFuture<Answer> readLater(String query) {
        return node().getLater(path("/records") + query);
    }

    Answer heartbeat(String body) {
        return node().post(path("/heartbeat"), JSON, body);
    }

    /** Without a body, and so without a type. */
    Answer heartbeat() {
        return node().send("POST", path("/heartbeat"), BodyPublishers.noBody());
    }

    Answer commit(String topic, int partition, long nextOffset) {
        return commit("\"offsets\":[" + offset(topic, partition, nextOffset) + "]");
    }

    Answer commit(String fields) {
        return node().post(path("/offsets"), JSON, "{" + fields + "}");
    }

    Answer leave() {
        return node().send("DELETE", path(""), BodyPublishers.noBody());
    }

    static String offset(String topic, int partition, long nextOffset) {
        return "{\"topic\":\"" + topic + "\",\"partition\":" + partition + ",\"next_offset\":" + nextOffset + "}";
    }

    /** The numbers of the partitions in an array of an answer. */
    static List<Integer> numbers(JsonNode partitions) {
        return elements(partitions).stream()
                .map(partition -> partition.path("partition").asInt())
                .toList();
    }

    /** The values of all records of an answer, whose partitions come in any order. */
    static List<String> values(Answer answer) {
        return elements(answer.hasStatus(200).json().path("partitions")).stream()
                .flatMap(partition -> elements(partition.path("records")).stream())
                .map(record -> record.path("value").asString())
                .toList();
    }

    private String path(String rest) {
        return "/v1/groups/" + group + "/members/" + id + rest;
    }

    private HttpApi node() {
        return nodes.get(calls++ % nodes.size());
    }
}
