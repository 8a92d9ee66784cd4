package io.millrace.stream.websocket.frame;

import java.util.List;

/** Invalid frames of clients, and the error that answers each. */
public final class BadFrames {

    /**
     * @param text with single quotes for double ones
     * @param pointer of the first violation; empty if there is none
     */
    public record Bad(String text, String code, String pointer) {

        public String json() {
            return text.replace('\'', '"');
        }
    }

    public static final List<Bad> ALL = List.of(
            new Bad("", "malformed_json", "#"),
            new Bad("hello", "malformed_json", "#"),
            new Bad("[]", "invalid_request", "#"),
            new Bad("null", "invalid_request", "#"),
            new Bad("{}", "invalid_request", "#/type"),
            new Bad("{'type':7}", "invalid_request", "#/type"),
            new Bad("{'type':'dance'}", "invalid_request", "#/type"),
            new Bad("{'type':'permit','id':'x','records':1} x", "malformed_json", "#"),
            new Bad("{'type':'permit','type':'permit','id':'x','records':1}", "invalid_request", "#/type"),
            new Bad("{'type':'permit','id':'x','id':'x','records':1}", "malformed_json", ""),
            new Bad("{'type':'permit','records':1}", "invalid_request", "#/id"),
            new Bad("{'type':'permit','id':'','records':1}", "invalid_request", "#/id"),
            new Bad("{'type':'permit','id':'" + "i".repeat(65) + "','records':1}", "invalid_request", "#/id"),
            new Bad("{'type':'permit','id':'\\ud800','records':1}", "invalid_request", "#/id"),
            new Bad("{'type':'permit','id':'s','ref':'','records':1}", "invalid_request", "#/ref"),
            new Bad(
                    "{'type':'permit','id':'s','ref':'" + "r".repeat(65) + "','records':1}",
                    "invalid_request",
                    "#/ref"),
            new Bad("{'type':'permit','id':3,'records':1}", "invalid_request", "#/id"),
            new Bad("{'type':'permit','id':'x','records':'1'}", "invalid_request", "#/records"),
            new Bad("{'type':'permit','id':'x','records':0}", "invalid_request", "#/records"),
            new Bad("{'type':'permit','id':'x','records':1.5}", "invalid_request", "#/records"),
            new Bad("{'type':'permit','id':'x','records':1e99}", "invalid_request", "#/records"),
            new Bad("{'type':'permit','id':'x','records':99999999999999999999}", "invalid_request", "#/records"),
            new Bad("{'type':'permit','id':'x','records':1,'more':1}", "invalid_request", "#/more"),
            new Bad("{'type':'permit','id':'nobody','records':1}", "unknown_subscription", ""),
            new Bad("{'type':'subscribe','id':'s'}", "invalid_request", "#/credits"),
            new Bad("{'type':'subscribe','id':'s','credits':1}", "invalid_request", "#/topics"),
            new Bad("{'type':'subscribe','id':'s','credits':-1,'topics':['t']}", "invalid_request", "#/credits"),
            new Bad("{'type':'subscribe','id':'s','credits':1,'topics':[]}", "invalid_request", "#/topics"),
            new Bad("{'type':'subscribe','id':'s','credits':1,'topics':'t'}", "invalid_request", "#/topics"),
            new Bad("{'type':'subscribe','id':'s','credits':1,'topics':['t',1]}", "invalid_request", "#/topics/1"),
            new Bad("{'type':'subscribe','id':'s','credits':1,'topics':['t','t']}", "invalid_request", "#/topics/1"),
            new Bad(
                    "{'type':'subscribe','id':'s','credits':1,'topics':['t'],'from':'noon'}",
                    "invalid_request",
                    "#/from"),
            new Bad("{'type':'subscribe','id':'s','credits':1,'topics':['t'],'from':-1}", "invalid_request", "#/from"),
            new Bad(
                    "{'type':'subscribe','id':'s','credits':1,'topics':['t'],'group':'g','commit':'never'}",
                    "invalid_request",
                    "#/commit"),
            new Bad(
                    "{'type':'subscribe','id':'s','credits':1,'topics':['t'],'group':'g','commit':1}",
                    "invalid_request",
                    "#/commit"),
            new Bad(
                    "{'type':'subscribe','id':'s','credits':1,'topics':['t'],'group':'g','assignor':'best'}",
                    "invalid_request",
                    "#/assignor"),
            new Bad(
                    "{'type':'subscribe','id':'s','credits':1,'topics':['t'],'group':'g','instance_id':1}",
                    "invalid_request",
                    "#/instance_id"),
            new Bad(
                    "{'type':'subscribe','id':'s','credits':1,'topics':['t'],'group':'g','session_timeout_ms':'1s'}",
                    "invalid_request",
                    "#/session_timeout_ms"),
            new Bad(
                    "{'type':'subscribe','id':'s','credits':1,'topics':['t'],'group':'g','session_timeout_ms':0}",
                    "invalid_request",
                    "#/session_timeout_ms"),
            new Bad(
                    "{'type':'subscribe','id':'s','credits':1,'topics':['t'],'group':'g','from':'noon'}",
                    "invalid_request",
                    "#/from"),
            new Bad(
                    "{'type':'subscribe','id':'s','credits':1,'topics':['t'],'group':'g','partitions':[{'partition':0,'next_offset':0}]}",
                    "invalid_request",
                    "#/partitions"),
            new Bad("{'type':'subscribe','id':'s','credits':1,'topics':['t'],'group':1}", "invalid_request", "#/group"),
            new Bad("{'type':'subscribe','id':'s','credits':1,'group':'g'}", "invalid_request", "#/topics"),
            new Bad("{'type':'commit','id':'s'}", "invalid_request", "#/offsets"),
            new Bad("{'type':'commit','id':'s','offsets':[]}", "invalid_request", "#/offsets"),
            new Bad(
                    "{'type':'commit','id':'s','offsets':[{'topic':'t','partition':0}]}",
                    "invalid_request",
                    "#/offsets/0/next_offset"),
            new Bad(
                    "{'type':'commit','id':'s','offsets':[{'partition':0,'next_offset':1}]}",
                    "invalid_request",
                    "#/offsets/0/topic"),
            new Bad(
                    "{'type':'commit','id':'s','offsets':[{'topic':'t','partition':0,'next_offset':-1}]}",
                    "invalid_request",
                    "#/offsets/0/next_offset"),
            new Bad(
                    "{'type':'commit','id':'s','offsets':[{'topic':'t','partition':0,'next_offset':1,'x':1}]}",
                    "invalid_request",
                    "#/offsets/0/x"),
            new Bad(
                    "{'type':'commit','id':'s','offsets':[{'topic':'t','partition':0,'next_offset':1,'metadata':7}]}",
                    "invalid_request",
                    "#/offsets/0/metadata"),
            new Bad(
                    "{'type':'commit','id':'s','offsets':[{'topic':'t','partition':0,'next_offset':1,'epoch':-1}]}",
                    "invalid_request",
                    "#/offsets/0/epoch"),
            new Bad(
                    "{'type':'commit','id':'s','offsets':[{'topic':'t','partition':0,'next_offset':1,'epoch':'7'}]}",
                    "invalid_request",
                    "#/offsets/0/epoch"),
            new Bad(
                    "{'type':'commit','id':'s','offsets':[{'topic':'t','partition':0,'next_offset':1},"
                            + "{'topic':'t','partition':0,'next_offset':2}]}",
                    "invalid_request",
                    "#/offsets/1"),
            new Bad(
                    "{'type':'commit','id':'s','offsets':[{'topic':'t','partition':0,'next_offset':1,'metadata':'"
                            + "m".repeat(4097) + "'}]}",
                    "invalid_request",
                    "#/offsets/0/metadata"),
            new Bad(
                    "{'type':'subscribe','id':'s','credits':1,'partitions':[{'partition':0,'next_offset':0}]}",
                    "invalid_request",
                    "#/topic"),
            new Bad(
                    "{'type':'subscribe','id':'s','credits':1,'topic':'t','partitions':[{'partition':0}]}",
                    "invalid_request",
                    "#/partitions/0/next_offset"),
            new Bad(
                    "{'type':'subscribe','id':'s','credits':1,'topic':'t','partitions':[7]}",
                    "invalid_request",
                    "#/partitions/0"),
            new Bad(
                    "{'type':'subscribe','id':'s','credits':1,'topic':'t',"
                            + "'partitions':[{'partition':0,'next_offset':-5}]}",
                    "invalid_request",
                    "#/partitions/0/next_offset"),
            new Bad(
                    "{'type':'subscribe','id':'s','credits':1,'topic':'t',"
                            + "'partitions':[{'partition':0,'next_offset':5},{'partition':0,'next_offset':5}]}",
                    "invalid_request",
                    "#/partitions/1"),
            new Bad(
                    "{'type':'seek','id':'s','partitions':[{'topic':'t','partition':0,'next_offset':1},"
                            + "{'topic':'t','partition':0,'next_offset':2}]}",
                    "invalid_request",
                    "#/partitions/1"),
            new Bad(
                    "{'type':'pause','id':'s','partitions':[{'partition':0},{'partition':0}]}",
                    "invalid_request",
                    "#/partitions/1"),
            new Bad(
                    "{'type':'resume','id':'s','partitions':[{'partition':0},{'partition':1},{'partition':0}]}",
                    "invalid_request",
                    "#/partitions/2"),
            new Bad("{'type':'seek','id':'s'}", "invalid_request", "#/partitions"),
            new Bad("{'type':'pause','id':'s','partitions':[]}", "invalid_request", "#/partitions"),
            new Bad("{'type':'resume','id':'s','partitions':[{}]}", "invalid_request", "#/partitions/0/partition"),
            new Bad("{'type':'unsubscribe'}", "invalid_request", "#/id"),
            new Bad(
                    "{'type':'commit','id':'nobody','offsets':[{'topic':'t','partition':0,'next_offset':1}]}",
                    "unknown_subscription",
                    ""));

    /** Frames that are found invalid after {@link FrameReader}: with the hub's topics and groups, or as records. */
    public static final List<Bad> LATER = List.of(
            new Bad(
                    "{'type':'subscribe','id':'s1','credits':1,'topics':['t'],'group':'g','instance_id':''}",
                    "invalid_request",
                    "#/instance_id"),
            new Bad(
                    "{'type':'subscribe','id':'s2','credits':1,'topics':['t'],'group':'g','instance_id':'a b'}",
                    "invalid_request",
                    "#/instance_id"),
            new Bad(
                    "{'type':'subscribe','id':'s3','credits':1,'topics':['t'],'group':'g','instance_id':'"
                            + "i".repeat(250) + "'}",
                    "invalid_request",
                    "#/instance_id"),
            new Bad(
                    "{'type':'subscribe','id':'s4','credits':1,'topics':['a b'],'group':'g'}",
                    "invalid_topic_name",
                    "#/topics/0"),
            new Bad(
                    "{'type':'subscribe','id':'s5','credits':1,'topics':['t'],'group':''}",
                    "invalid_request",
                    "#/group"),
            new Bad("{'type':'produce','ref':'','topic':'t','records':[{}]}", "invalid_request", "#/ref"),
            new Bad(
                    "{'type':'produce','ref':'" + "r".repeat(65) + "','topic':'t','records':[{}]}",
                    "invalid_request",
                    "#/ref"),
            new Bad("{'type':'produce'}", "invalid_request", "#/topic"),
            new Bad("{'type':'produce','topic':'t'}", "invalid_request", "#/records"),
            new Bad("{'type':'produce','topic':'t','records':[]}", "invalid_request", "#/records"),
            new Bad("{'type':'produce','topic':'t','records':[{'value':}]}", "malformed_json", "#"),
            new Bad("{'type':'produce','topic':'t','acks':'2','records':[{}]}", "invalid_request", "#/acks"),
            new Bad("{'type':'produce','topic':'..','records':[{}]}", "unknown_topic", ""));

    private BadFrames() {}
}
