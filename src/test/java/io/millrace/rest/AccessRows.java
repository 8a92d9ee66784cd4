package io.millrace.rest;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A request for every operation of the OpenAPI document, and every frame that clients may send, with the permissions
 * that each needs. {@link AccessIT} fails if one is missing.
 */
final class AccessRows {

    /**
     * A request and the permissions that its caller needs.
     *
     * @param operation the operation's id in the OpenAPI document
     * @param request {@code METHOD path body}, with single quotes for double ones; {@code $member} is a member's id
     * @param needs the permissions: the request is refused if any one of them is missing
     */
    record Row(String operation, String type, String request, List<String> needs) {

        static Row of(String operation, String request, String... needs) {
            return new Row(operation, "", request, List.of(needs));
        }

        /** The same for a client that accepts this type only. */
        Row accepting(String accepted) {
            return new Row(operation, accepted, request, needs);
        }

        @Override
        public String toString() {
            return operation + " " + type;
        }
    }

    /** A frame of the AsyncAPI document and the permissions that its sender needs. */
    record Frame(String type, String frame, List<String> needs) {

        static Frame of(String type, String frame, String... needs) {
            return new Frame(type, frame, List.of(needs));
        }
    }

    /** Operations that need no permission. */
    static final Set<String> OPEN = Set.of("limits", "createTicket");

    /** Lists leave out what the caller may not see instead of being refused. */
    static final Set<String> LISTS = Set.of("listTopics", "listGroups");

    /** Frames that {@link ProduceWay} sends. */
    static final Set<String> PRODUCING = Set.of("produce", "binary_produce");

    /** Frames that concern a subscription that the client already has. */
    static final Set<String> OF_A_SUBSCRIPTION = Set.of("permit", "seek", "pause", "resume", "unsubscribe");

    /** All state but the sessions of members, which any caller that may read the group extends. */
    static final String EVERYTHING = """
        select string_agg(row, E'\\n' order by row)
          from (select 'topic ' || to_jsonb(t)::text from millrace.topic t
                union all select 'bounds ' || to_jsonb(b)::text from millrace.partition_bounds b
                union all select 'group ' || to_jsonb(g)::text from millrace.consumer_group g
                union all select 'member ' || (to_jsonb(m) - 'expires_at' - 'told_epoch')::text from millrace.group_member m
                union all select 'key ' || to_jsonb(k)::text from millrace.api_key k
                union all select 'quota ' || to_jsonb(q)::text from millrace.quota q
                union all select 'acl ' || to_jsonb(a)::text from millrace.acl a
                union all select 'offset ' || to_jsonb(c)::text from millrace.committed_offset c) as rows (row)\
        """;

    private AccessRows() {}

    static Stream<Row> rows() {
        return Stream.of(topics(), groups(), members(), reading(), cluster(), access())
                .flatMap(List::stream);
    }

    private static List<Row> topics() {
        return List.of(
                Row.of("createTopic", "POST /v1/topics {'name':'fresh','partitions':1}", "CREATE TOPIC fresh"),
                Row.of("describeTopic", "GET /v1/topics/guarded", "DESCRIBE TOPIC guarded"),
                Row.of("changeTopic", "PATCH /v1/topics/guarded {'partitions':2}", "ALTER TOPIC guarded"),
                Row.of("describeRetention", "GET /v1/topics/guarded/retention", "DESCRIBE TOPIC guarded"),
                Row.of(
                        "deleteRecords",
                        "DELETE /v1/topics/guarded/partitions/0/records?before=1",
                        "DELETE TOPIC guarded"),
                Row.of("eraseKey", "DELETE /v1/topics/guarded/keys/k", "DELETE TOPIC guarded"),
                Row.of("describeErasure", "GET /v1/topics/guarded/erasures/1", "DESCRIBE TOPIC guarded"),
                Row.of("deleteTopic", "DELETE /v1/topics/guarded", "DELETE TOPIC guarded"));
    }

    private static List<Row> groups() {
        return List.of(
                Row.of("describeGroup", "GET /v1/groups/guarded", "DESCRIBE GROUP guarded"),
                Row.of("groupOffsets", "GET /v1/groups/guarded/offsets", "DESCRIBE GROUP guarded"),
                Row.of("deleteGroup", "DELETE /v1/groups/guarded", "DELETE GROUP guarded"),
                Row.of(
                        "resetGroupOffsets",
                        "PATCH /v1/groups/guarded/offsets {'to':'latest'}",
                        "RESET GROUP guarded",
                        "READ TOPIC guarded",
                        "READ TOPIC others"),
                Row.of(
                        "resetGroupOffsets",
                        "PATCH /v1/groups/guarded/offsets?dry_run=true {'to':'latest','topics':['guarded']}",
                        "RESET GROUP guarded",
                        "READ TOPIC guarded"));
    }

    private static List<Row> cluster() {
        return List.of(Row.of("describeCluster", "GET /v1/cluster", "DESCRIBE CLUSTER millrace-cluster"));
    }

    private static List<Row> access() {
        String describe = "DESCRIBE CLUSTER millrace-cluster";
        String alter = "ALTER CLUSTER millrace-cluster";
        return List.of(
                Row.of("listKeys", "GET /v1/keys", describe),
                Row.of("describeKey", "GET /v1/keys/abcdefghijkl", describe),
                Row.of("createKey", "POST /v1/keys {'principal':'User:guarded'}", alter),
                Row.of("rotateKey", "POST /v1/keys/abcdefghijkl/rotation {}", alter),
                Row.of("revokeKey", "DELETE /v1/keys/abcdefghijkl", alter),
                Row.of("listAcls", "GET /v1/acls", describe),
                Row.of(
                        "addAcl",
                        "POST /v1/acls {'principal':'User:guarded','operation':'read','resource_type':'topic',"
                                + "'resource_name':'guarded'}",
                        alter),
                Row.of("removeAcl", "DELETE /v1/acls/1", alter),
                Row.of("listQuotas", "GET /v1/quotas", describe),
                Row.of("setQuota", "PUT /v1/quotas/User:guarded {'requests_per_second':1000}", alter),
                Row.of("removeQuota", "DELETE /v1/quotas/User:guarded", alter));
    }

    private static List<Row> members() {
        return List.of(
                Row.of(
                        "joinGroup",
                        "POST /v1/groups/guarded/members {'topics':['guarded','gu*']}",
                        "READ GROUP guarded",
                        "READ TOPIC guarded",
                        "READ TOPIC gu*"),
                Row.of(
                        "readAsMember",
                        "GET /v1/groups/guarded/members/$member/records",
                        "READ GROUP guarded",
                        "READ TOPIC guarded",
                        "READ TOPIC others"),
                Row.of("heartbeat", "POST /v1/groups/guarded/members/$member/heartbeat {}", "READ GROUP guarded"),
                Row.of(
                        "commitOffsets",
                        "POST /v1/groups/guarded/members/$member/offsets"
                                + " {'offsets':[{'topic':'guarded','partition':0,'next_offset':2}]}",
                        "COMMIT GROUP guarded",
                        "READ TOPIC guarded"),
                Row.of("leaveGroup", "DELETE /v1/groups/guarded/members/$member", "READ GROUP guarded"),
                Row.of(
                                "followAsMember",
                                "GET /v1/groups/guarded/stream?topics=guarded,others",
                                "READ GROUP guarded",
                                "READ TOPIC guarded",
                                "READ TOPIC others")
                        .accepting("text/event-stream"));
    }

    private static List<Row> reading() {
        String records = "GET /v1/topics/guarded/partitions/0/records";
        return List.of(
                Row.of("readPartition", records, "READ TOPIC guarded"),
                Row.of("readPartition", records, "READ TOPIC guarded").accepting("application/x-ndjson"),
                Row.of("readPartition", records + "?offset=3&wait=10s", "READ TOPIC guarded"),
                Row.of("followTopic", "GET /v1/topics/guarded/stream", "READ TOPIC guarded")
                        .accepting("text/event-stream"),
                Row.of("followTopic", "GET /v1/topics/guarded/stream?partitions=0", "READ TOPIC guarded")
                        .accepting("text/event-stream"));
    }

    static Stream<Frame> frames() {
        return Stream.of(
                Frame.of(
                        "subscribe",
                        "{'type':'subscribe','id':'x','topics':['guarded'],'credits':9}",
                        "READ TOPIC guarded"),
                Frame.of(
                        "subscribe",
                        "{'type':'subscribe','id':'x','topics':['others','guarded'],'credits':9}",
                        "READ TOPIC others",
                        "READ TOPIC guarded"),
                Frame.of(
                        "subscribe",
                        "{'type':'subscribe','id':'x','topic':'guarded','partitions':[{'partition':0,'next_offset':0}],"
                                + "'credits':9}",
                        "READ TOPIC guarded"),
                Frame.of(
                        "subscribe",
                        "{'type':'subscribe','id':'x','group':'guarded','topics':['guarded','o*'],'credits':9}",
                        "READ GROUP guarded",
                        "READ TOPIC guarded",
                        "READ TOPIC o*"),
                Frame.of(
                        "commit",
                        "{'type':'commit','id':'s','offsets':[{'topic':'others','partition':0,'next_offset':0}]}",
                        "COMMIT GROUP sockets",
                        "READ TOPIC others"));
    }
}
