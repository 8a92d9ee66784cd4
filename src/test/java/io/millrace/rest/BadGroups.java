package io.millrace.rest;

import static io.millrace.rest.BadRequest.TOPIC;
import static io.millrace.rest.BadRequest.get;
import static io.millrace.rest.HttpApi.repeated;

import io.millrace.cursor.CursorWriter;
import java.util.stream.Stream;

/** Group and member requests that must be refused. */
final class BadGroups {

    /** A group whose only member owns both partitions of the topic, but not those of {@link #OTHER_TOPIC}. */
    static final String GROUP = "billing";

    static final String OTHER_TOPIC = "trains";
    static final String MEMBER = "00000000-0000-4000-8000-000000000000";

    private static final String GROUPS = "/v1/groups";
    private static final String PATH = GROUPS + "/" + GROUP;
    private static final String MEMBERS = PATH + "/members";
    private static final String RECORDS = MEMBERS + "/" + MEMBER + "/records";
    private static final String LONG_NAME = "n".repeat(250);

    private BadGroups() {}

    static Stream<BadRequest> joins() {
        return Stream.of(
                join("nothing", "", 400, "invalid_request", "#"),
                join("a word", "hello", 400, "malformed_json", "#"),
                join("an array", "[]", 400, "invalid_request", "#"),
                join("an end too early", "{\"topics\":[\"a\"", 400, "malformed_json", "#"),
                join("no topics", "{}", "#/topics"),
                join("null as the topics", "{\"topics\":null}", "#/topics"),
                join("an empty list of topics", "{\"topics\":[]}", "#/topics"),
                join("a text as the topics", "{\"topics\":\"flights\"}", "#/topics"),
                join("a number as a topic", "{\"topics\":[\"flights\",1]}", "#/topics/1"),
                join("a topic twice", "{\"topics\":[\"flights\",\"flights\"]}", "#/topics/1"),
                join("1,001 topics", "{\"topics\":[\"t\"" + repeated(1000, i -> ",\"t" + i + "\"") + "]}", "#/topics"),
                join("an unknown topic", "{\"topics\":[\"flights\",\"none\"]}", 404, "unknown_topic", "#/topics/1"),
                join("an odd topic", "{\"topics\":[\"a b\"]}", 400, "invalid_topic_name", "#/topics/0"),
                join("an odd pattern", "{\"topics\":[\"a/*\"]}", 400, "invalid_topic_name", "#/topics/0"),
                join("a NUL in a topic", "{\"topics\":[\"a\\u0000\"]}", 400, "invalid_topic_name", "#/topics/0"),
                topics("an unknown field", "\"topic\":1", "#/topic"),
                topics("an unknown field with odd characters", "\"a/b~c d\":1", "#/a~1b~0c%20d"),
                join("topics twice", "{\"topics\":[\"flights\"],\"topics\":[]}", 400, "malformed_json", "#"),
                topics("an unknown position", "\"from\":\"start\"", "#/from"),
                topics("a negative time", "\"from\":-1", "#/from"),
                topics("a fractional time", "\"from\":1.5", "#/from"),
                topics("a time of 19 digits", "\"from\":9223372036854775807", "#/from"),
                topics("an object as the position", "\"from\":{}", "#/from"),
                topics("a session timeout as text", "\"session_timeout_ms\":\"1\"", "#/session_timeout_ms"),
                topics("no session timeout", "\"session_timeout_ms\":0", "#/session_timeout_ms"),
                topics("too short a session timeout", "\"session_timeout_ms\":999", "#/session_timeout_ms"),
                topics("too long a session timeout", "\"session_timeout_ms\":1800001", "#/session_timeout_ms"),
                topics(
                        "a session timeout of 90 digits",
                        "\"session_timeout_ms\":" + "9".repeat(90),
                        "#/session_timeout_ms"),
                topics("a number as the instance", "\"instance_id\":1", "#/instance_id"),
                topics("an empty instance", "\"instance_id\":\"\"", "#/instance_id"),
                topics("a NUL in the instance", "\"instance_id\":\"a\\u0000\"", "#/instance_id"),
                topics("a long instance", "\"instance_id\":\"" + LONG_NAME + "\"", "#/instance_id"),
                topics("an unknown assignor", "\"assignor\":\"best\"", "#/assignor"),
                topics("a number as the assignor", "\"assignor\":1", "#/assignor"),
                join(
                        "another assignor than the members'",
                        "{\"topics\":[\"flights\"],\"assignor\":\"range\"}",
                        409,
                        "inconsistent_assignor",
                        null),
                post(
                        "a parameter",
                        "/" + GROUP + "/members?from=1",
                        "{\"topics\":[\"flights\"]}",
                        400,
                        "invalid_request",
                        "?from"),
                post(
                        "a NUL in the group",
                        "/a%00/members",
                        "{\"topics\":[\"flights\"]}",
                        400,
                        "invalid_request",
                        "?group"),
                post(
                        "a space in the group",
                        "/a%20b/members",
                        "{\"topics\":[\"flights\"]}",
                        400,
                        "invalid_request",
                        "?group"),
                post(
                        "a group of dots",
                        "/%2e%2e%2e%2f/members",
                        "{\"topics\":[\"flights\"]}",
                        400,
                        "invalid_request",
                        "?group"),
                post(
                        "a long group",
                        "/" + LONG_NAME + "/members",
                        "{\"topics\":[\"flights\"]}",
                        400,
                        "invalid_request",
                        "?group"),
                type("a join as text", "/" + GROUP + "/members", "text/plain", "{\"topics\":[\"flights\"]}"));
    }

    static Stream<BadRequest> reads() {
        return Stream.of(
                read("an unknown parameter", "?from=1", "?from"),
                read("a limit of zero", "?limit=0", "?limit"),
                read("a limit above the maximum", "?limit=10001", "?limit"),
                read("no bytes", "?max_bytes=0", "?max_bytes"),
                read("a wait without a unit", "?wait=5", "?wait"),
                read("a wait above the maximum", "?wait=61s", "?wait"),
                read("an epoch as a word", "?epoch=new", "?epoch"),
                read("a negative epoch", "?epoch=-1", "?epoch"),
                read("a future epoch", "?epoch=1000000", "?epoch"),
                read("two epochs", "?epoch=1&epoch=1", "?epoch"),
                read("an empty cursor", "?cursor=", "?cursor"),
                read("an invalid cursor", "?cursor=abc", "?cursor"),
                read("a cursor with odd characters", "?cursor=%00%ff", "?cursor"),
                read("a cursor of another group", "?cursor=" + cursor(1_000_000), "?cursor"),
                read("a cursor cut short", "?cursor=" + cursor(1).substring(1), "?cursor"),
                get("read: an older epoch", RECORDS + "?epoch=0", 409, "stale_member_epoch", null),
                get("read: of an unknown group", RECORDS.replace(GROUP, "none"), 404, "unknown_group", null),
                get("read: of a group with NUL", RECORDS.replace(GROUP, "a%00"), 404, "unknown_group", null),
                get("read: of an unknown member", RECORDS.replace(MEMBER, "none"), 409, "member_fenced", null),
                get("read: of a member with NUL", RECORDS.replace(MEMBER, "a%00"), 409, "member_fenced", null),
                get("read: of a long member", RECORDS.replace(MEMBER, "m".repeat(2000)), 409, "member_fenced", null),
                BadRequest.of("read: as HTML", "GET " + RECORDS, "Accept: text/html", "", 406, "not_acceptable", null));
    }

    static Stream<BadRequest> commits() {
        return Stream.of(
                commit("nothing", "", "#"),
                commit("no offsets", "{\"epoch\":1}", "#/offsets"),
                commit("an empty list", "{\"offsets\":[]}", "#/offsets"),
                commit("an object", "{\"offsets\":{}}", "#/offsets"),
                commit("an unknown field", "{\"offsets\":[],\"member\":1}", "#/member"),
                commit("a number", "{\"offsets\":[1]}", "#/offsets/0"),
                commit("10,001 offsets", "{\"offsets\":[0" + ",0".repeat(10_000) + "]}", "#/offsets"),
                offset("an unknown field", "\"topic\":\"flights\",\"partition\":0,\"offset\":1", "/offset"),
                offset("no topic", "\"partition\":0,\"next_offset\":1", "/topic"),
                offset("no partition", "\"topic\":\"flights\",\"next_offset\":1", "/partition"),
                offset("no offset", "\"topic\":\"flights\",\"partition\":0", "/next_offset"),
                offset("a number as the topic", "\"topic\":1,\"partition\":0,\"next_offset\":1", "/topic"),
                at("a negative offset", "-1", "/next_offset"),
                at("a fractional offset", "0.5", "/next_offset"),
                at("an offset as text", "\"1\"", "/next_offset"),
                at("an offset of more than 64 bits", "9223372036854775808", "/next_offset"),
                partition("a negative partition", "-1"),
                partition("a partition of more than 32 bits", "2147483648"),
                partition("a fractional partition", "0.5"),
                at("a number as the metadata", "1,\"metadata\":1", "/metadata"),
                at("metadata of 4,097 characters", "1,\"metadata\":\"" + "m".repeat(4097) + "\"", "/metadata"),
                at("half a surrogate pair in the metadata", "1,\"metadata\":\"\\ud800\"", "/metadata"),
                at("a NUL in the metadata", "1,\"metadata\":\"\\u0000\"", "/metadata"),
                at("a negative epoch of a partition", "1,\"epoch\":-1", "/epoch"),
                at("an epoch of a partition as text", "1,\"epoch\":\"1\"", "/epoch"),
                since("an older epoch of a partition", 0),
                since("a future epoch of a partition", 1_000_000),
                commit("a partition twice", offsets(TOPIC, 0, 1, TOPIC, 0, 1), "#/offsets/1"),
                commit("a negative epoch", epoch("-1"), "#/epoch"),
                commit("an epoch as text", epoch("\"1\""), "#/epoch"),
                commit("an older epoch", epoch("0"), 409, "stale_member_epoch", null),
                commit("a future epoch", epoch("1000000"), 409, "stale_member_epoch", null),
                commit(
                        "beyond the end",
                        offsets(TOPIC, 1, 1, TOPIC, 0, 3),
                        416,
                        "offset_beyond_end",
                        "#/offsets/1/next_offset"),
                commit(
                        "far beyond the end",
                        offsets(TOPIC, 1, 1, TOPIC, 0, Long.MAX_VALUE),
                        416,
                        "offset_beyond_end",
                        "#/offsets/1/next_offset"),
                commit("an unknown topic", offsets(TOPIC, 1, 1, "none", 0, 1), 404, "unknown_topic", "#/offsets/1"),
                commit("a topic with NUL", offsets(TOPIC, 1, 1, "a\\u0000", 0, 1), 404, "unknown_topic", "#/offsets/1"),
                commit(
                        "an unknown partition",
                        offsets(TOPIC, 1, 1, TOPIC, 2, 1),
                        404,
                        "unknown_partition",
                        "#/offsets/1"),
                commit(
                        "not the member's",
                        offsets(TOPIC, 1, 1, OTHER_TOPIC, 0, 0),
                        409,
                        "stale_member_epoch",
                        "#/offsets/1"),
                post(
                        "commit: of an unknown group",
                        "/none/members/" + MEMBER + "/offsets",
                        offsets(TOPIC, 0, 1, TOPIC, 1, 1),
                        404,
                        "unknown_group",
                        null),
                post(
                        "commit: of an unknown member",
                        "/" + GROUP + "/members/none/offsets",
                        offsets(TOPIC, 0, 1, TOPIC, 1, 1),
                        409,
                        "member_fenced",
                        null),
                type(
                        "commit: as text",
                        "/" + GROUP + "/members/" + MEMBER + "/offsets",
                        "text/plain",
                        offsets(TOPIC, 0, 1, TOPIC, 1, 1)));
    }

    static Stream<BadRequest> heartbeats() {
        String path = "/" + GROUP + "/members/" + MEMBER + "/heartbeat";
        return Stream.of(
                post("heartbeat: an array", path, "[]", 400, "invalid_request", "#"),
                post("heartbeat: half an object", path, "{", 400, "malformed_json", "#"),
                post("heartbeat: an unknown field", path, "{\"wait\":1}", 400, "invalid_request", "#/wait"),
                post("heartbeat: an epoch as text", path, "{\"epoch\":\"1\"}", 400, "invalid_request", "#/epoch"),
                post("heartbeat: a negative epoch", path, "{\"epoch\":-1}", 400, "invalid_request", "#/epoch"),
                post("heartbeat: a future epoch", path, "{\"epoch\":1000000}", 400, "invalid_request", "#/epoch"),
                post("heartbeat: a parameter", path + "?epoch=1", "{}", 400, "invalid_request", "?epoch"),
                post("heartbeat: of an unknown group", path.replace(GROUP, "none"), "{}", 404, "unknown_group", null),
                post("heartbeat: of an unknown member", path.replace(MEMBER, "none"), "{}", 409, "member_fenced", null),
                type("heartbeat: as text", path, "text/plain", "{}"),
                type("heartbeat: as nonsense", path, "nonsense", "{}"));
    }

    static Stream<BadRequest> resets() {
        return Stream.of(
                reset("nothing", "", "#"),
                reset("no target", "{}", "#/to"),
                reset("an unknown field", "{\"to\":\"latest\",\"offset\":1}", "#/offset"),
                reset("an unknown target", "{\"to\":\"start\"}", "#/to"),
                reset("a number as the target", "{\"to\":1}", "#/to"),
                reset("an empty target", "{\"to\":{}}", "#/to"),
                reset("two targets", "{\"to\":{\"offset\":1,\"shift\":1}}", "#/to"),
                reset("an unknown field of the target", "{\"to\":{\"time\":1}}", "#/to/time"),
                reset("null as the offset", "{\"to\":{\"offset\":null}}", "#/to/shift"),
                reset("a negative offset", "{\"to\":{\"offset\":-1}}", "#/to/offset"),
                reset("a fractional offset", "{\"to\":{\"offset\":0.5}}", "#/to/offset"),
                reset("a negative time", "{\"to\":{\"timestamp\":-1}}", "#/to/timestamp"),
                reset("a time as text", "{\"to\":{\"timestamp\":\"now\"}}", "#/to/timestamp"),
                reset("a shift of more than 64 bits", "{\"to\":{\"shift\":9223372036854775808}}", "#/to/shift"),
                reset("an empty list of topics", "{\"to\":\"earliest\",\"topics\":[]}", "#/topics"),
                reset("a number as a topic", "{\"to\":\"earliest\",\"topics\":[1]}", "#/topics/0"),
                reset("an unknown topic", "{\"to\":\"earliest\",\"topics\":[\"flights\",\"none\"]}", "#/topics/1"),
                reset("a topic without offsets", "{\"to\":\"earliest\",\"topics\":[\"trains\"]}", "#/topics/0"),
                reset("an empty list of partitions", "{\"to\":\"earliest\",\"partitions\":[]}", "#/partitions"),
                reset("a number as a partition", "{\"to\":\"earliest\",\"partitions\":[1]}", "#/partitions/0"),
                reset(
                        "a partition without a number",
                        "{\"to\":\"earliest\",\"partitions\":[{\"topic\":\"flights\"}]}",
                        "#/partitions/0/partition"),
                reset(
                        "a partition twice",
                        "{\"to\":\"earliest\",\"partitions\":[{\"topic\":\"flights\",\"partition\":0},"
                                + "{\"topic\":\"flights\",\"partition\":0}]}",
                        "#/partitions/1"),
                reset(
                        "an unknown partition",
                        "{\"to\":\"earliest\",\"partitions\":[{\"topic\":\"flights\",\"partition\":1},"
                                + "{\"topic\":\"flights\",\"partition\":0},{\"topic\":\"flights\",\"partition\":2}]}",
                        "#/partitions/2"),
                patch(
                        "an invalid dry run",
                        "/" + GROUP + "/offsets?dry_run=1",
                        "{\"to\":\"earliest\"}",
                        400,
                        "invalid_request",
                        "?dry_run"),
                patch(
                        "an empty dry run",
                        "/" + GROUP + "/offsets?dry_run",
                        "{\"to\":\"earliest\"}",
                        400,
                        "invalid_request",
                        "?dry_run"),
                patch(
                        "an unknown parameter",
                        "/" + GROUP + "/offsets?dry=true",
                        "{\"to\":\"earliest\"}",
                        400,
                        "invalid_request",
                        "?dry"),
                patch("of an unknown group", "/none/offsets", "{\"to\":\"earliest\"}", 404, "unknown_group", null),
                patch(
                        "of an unknown group, dry",
                        "/none/offsets?dry_run=true",
                        "{\"to\":\"earliest\"}",
                        404,
                        "unknown_group",
                        null));
    }

    static Stream<BadRequest> others() {
        return Stream.of(
                get("groups: an unknown parameter", GROUPS + "?topic=a", 400, "invalid_request", "?topic"),
                get("groups: a limit of zero", GROUPS + "?limit=0", 400, "invalid_request", "?limit"),
                get("groups: a limit above the maximum", GROUPS + "?limit=1001", 400, "invalid_request", "?limit"),
                get("groups: a NUL in a prefix", GROUPS + "?prefix=%00", 400, "invalid_request", "?prefix"),
                get("groups: a percent sign in after", GROUPS + "?after=%25", 400, "invalid_request", "?after"),
                get("a group: a parameter", PATH + "?lag=1", 400, "invalid_request", "?lag"),
                get("an unknown group", GROUPS + "/none", 404, "unknown_group", null),
                get("a NUL in a group", GROUPS + "/a%00b", 404, "unknown_group", null),
                get("a group that is not UTF-8", GROUPS + "/%ff", 404, "unknown_group", null),
                get("offsets of no group", GROUPS + "/none/offsets", 404, "unknown_group", null),
                get("a member", MEMBERS + "/" + MEMBER, 405, "method_not_allowed", null),
                get("members", MEMBERS, 405, "method_not_allowed", null),
                get("an unknown path of a member", MEMBERS + "/" + MEMBER + "/lag", 404, "not_found", null),
                delete("a group with members", PATH, 409, "group_not_empty"),
                delete("an unknown group", GROUPS + "/none", 404, "unknown_group"),
                delete("a group with NUL", GROUPS + "/a%00", 404, "unknown_group"),
                delete("a member of no group", GROUPS + "/none/members/" + MEMBER, 404, "unknown_group"),
                delete("an unknown member", MEMBERS + "/none", 409, "member_fenced"),
                delete("a member with NUL", MEMBERS + "/a%00", 409, "member_fenced"));
    }

    private static String cursor(int groupId) {
        return new CursorWriter().put(2).put(groupId).put(1).put(0).put(0).encode();
    }

    private static BadRequest join(String name, String body, String pointer) {
        return join(name, body, 400, "invalid_request", pointer);
    }

    private static BadRequest join(String name, String body, int status, String code, String pointer) {
        return post("join: " + name, "/" + GROUP + "/members", body, status, code, pointer);
    }

    private static BadRequest topics(String name, String fields, String pointer) {
        return join(name, "{\"topics\":[\"flights\"]," + fields + "}", pointer);
    }

    private static BadRequest read(String name, String query, String pointer) {
        return get("read: " + name, RECORDS + query, 400, "invalid_request", pointer);
    }

    private static BadRequest commit(String name, String body, String pointer) {
        return commit(name, body, 400, "invalid_request", pointer);
    }

    private static BadRequest commit(String name, String body, int status, String code, String pointer) {
        return post("commit: " + name, "/" + GROUP + "/members/" + MEMBER + "/offsets", body, status, code, pointer);
    }

    /** After an offset that could be committed. */
    private static BadRequest offset(String name, String fields, String pointer) {
        return commit(
                name,
                "{\"offsets\":[" + GroupMember.offset(TOPIC, 1, 1) + ",{" + fields + "}]}",
                "#/offsets/1" + pointer);
    }

    private static BadRequest at(String name, String nextOffset, String pointer) {
        return offset(name, "\"topic\":\"flights\",\"partition\":0,\"next_offset\":" + nextOffset, pointer);
    }

    private static BadRequest since(String name, long epoch) {
        return commit(
                name,
                "{\"offsets\":[" + GroupMember.offset(TOPIC, 1, 1)
                        + ",{\"topic\":\"flights\",\"partition\":0,\"next_offset\":1,\"epoch\":" + epoch + "}]}",
                409,
                "stale_member_epoch",
                "#/offsets/1");
    }

    private static BadRequest partition(String name, String partition) {
        return offset(name, "\"topic\":\"flights\",\"partition\":" + partition + ",\"next_offset\":1", "/partition");
    }

    private static String epoch(String epoch) {
        return "{\"epoch\":" + epoch + ",\"offsets\":[" + GroupMember.offset(TOPIC, 0, 1) + "]}";
    }

    private static String offsets(
            String topic, int partition, long nextOffset, String topic2, int partition2, long nextOffset2) {
        return "{\"offsets\":[" + GroupMember.offset(topic, partition, nextOffset) + ","
                + GroupMember.offset(topic2, partition2, nextOffset2) + "]}";
    }

    private static BadRequest reset(String name, String body, String pointer) {
        return patch(name, "/" + GROUP + "/offsets", body, 400, "invalid_request", pointer);
    }

    private static BadRequest patch(String name, String path, String body, int status, String code, String pointer) {
        return request("reset: " + name, "PATCH", path, "application/json", body, status, code, pointer);
    }

    private static BadRequest post(String name, String path, String body, int status, String code, String pointer) {
        return request(name, "POST", path, "application/json", body, status, code, pointer);
    }

    private static BadRequest type(String name, String path, String type, String body) {
        return request(name, "POST", path, type, body, 415, "unsupported_media_type", null);
    }

    private static BadRequest delete(String name, String path, int status, String code) {
        return BadRequest.of("delete: " + name, "DELETE " + path, "", "", status, code, null);
    }

    private static BadRequest request(
            String name,
            String method,
            String path,
            String type,
            String body,
            int status,
            String code,
            String pointer) {
        return BadRequest.of(name, method + " " + GROUPS + path, "Content-Type: " + type, body, status, code, pointer);
    }
}
