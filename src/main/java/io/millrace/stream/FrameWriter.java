package io.millrace.stream;

import io.millrace.event.TopicPartition;
import io.millrace.json.JsonBuffer;
import io.millrace.json.ResultsWriter;
import io.millrace.web.Problems;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Writes frames as JSON. */
public final class FrameWriter {

    private static final byte[] PRODUCED = ascii("{\"type\":\"produced\",");
    private static final byte[] REF = ascii("\"ref\":");
    private static final byte[] RESULTS = ascii("\"results\":");

    private FrameWriter() {}

    public static JsonBuffer write(ServerFrame frame) {
        JsonBuffer out = new JsonBuffer(256);
        switch (frame) {
            case ServerFrame.Assigned assigned -> assigned(out, assigned);
            case ServerFrame.Revoked revoked -> revoked(out, revoked);
            case ServerFrame.Reset reset -> reset(out, reset);
            case ServerFrame.Committed committed -> committed(out, committed);
            case ServerFrame.Produced produced -> produced(out, produced);
            case ServerFrame.Failed failed -> failed(out, failed);
            case ServerFrame.Draining draining -> text(out, "{\"type\":\"draining\"}");
        }
        return out;
    }

    private static void assigned(JsonBuffer out, ServerFrame.Assigned frame) {
        text(out, "{\"type\":\"assigned\",\"id\":").string(frame.id());
        String memberId = frame.memberId();
        if (memberId != null) {
            text(out, ",\"member_id\":").string(memberId);
        }
        text(out, ",\"epoch\":").number(frame.epoch());
        text(out, ",\"partitions\":");
        positions(out, frame.nextOffsets());
        out.ascii('}');
    }

    /** Appends {@code [{"topic":…,"partition":…,"next_offset":…},…]}. */
    public static void positions(JsonBuffer out, Map<TopicPartition, Long> nextOffsets) {
        out.ascii('[');
        String separator = "";
        for (Map.Entry<TopicPartition, Long> entry : nextOffsets.entrySet()) {
            text(out, separator + "{");
            partition(out, entry.getKey());
            text(out, ",\"next_offset\":").number(entry.getValue()).ascii('}');
            separator = ",";
        }
        out.ascii(']');
    }

    /** Appends {@code [{"topic":…,"partition":…},…]}. */
    public static void partitions(JsonBuffer out, List<TopicPartition> partitions) {
        out.ascii('[');
        String separator = "";
        for (TopicPartition partition : partitions) {
            text(out, separator + "{");
            partition(out, partition);
            out.ascii('}');
            separator = ",";
        }
        out.ascii(']');
    }

    /** Appends {@code "topic":…,"partition":…}. */
    public static JsonBuffer partition(JsonBuffer out, TopicPartition partition) {
        text(out, "\"topic\":").string(partition.topic());
        return text(out, ",\"partition\":").number(partition.partition());
    }

    private static void revoked(JsonBuffer out, ServerFrame.Revoked frame) {
        text(out, "{\"type\":\"revoked\",\"id\":").string(frame.id());
        text(out, ",\"partitions\":");
        partitions(out, frame.partitions());
        text(out, ",\"reason\":").string(frame.reason().code()).ascii('}');
    }

    private static void reset(JsonBuffer out, ServerFrame.Reset frame) {
        text(out, "{\"type\":\"reset\",\"id\":").string(frame.id()).ascii(',');
        partition(out, frame.partition());
        text(out, ",\"requested\":").number(frame.requested());
        text(out, ",\"next_offset\":").number(frame.nextOffset()).ascii('}');
    }

    private static void committed(JsonBuffer out, ServerFrame.Committed frame) {
        text(out, "{\"type\":\"committed\"");
        String ref = frame.ref();
        if (ref != null) {
            text(out, ",\"ref\":").string(ref);
        }
        out.ascii('}');
    }

    private static void produced(JsonBuffer out, ServerFrame.Produced frame) {
        out.raw(PRODUCED);
        String ref = frame.ref();
        if (ref != null) {
            out.raw(REF).string(ref).ascii(',');
        }
        int[] partitions = frame.appended().partitions();
        out.raw(RESULTS);
        ResultsWriter.writeArray(out, partitions, frame.appended().offsets());
        out.ascii('}');
    }

    private static void failed(JsonBuffer out, ServerFrame.Failed frame) {
        text(out, "{\"type\":\"error\",");
        String ref = frame.ref();
        if (ref != null) {
            out.raw(REF).string(ref).ascii(',');
        }
        String id = frame.id();
        if (id != null) {
            text(out, "\"id\":").string(id).ascii(',');
        }
        text(out, "\"problem\":");
        Problems.write(out, frame.problem(), null);
        out.ascii('}');
    }

    public static JsonBuffer text(JsonBuffer out, String ascii) {
        return out.raw(ascii(ascii));
    }

    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
