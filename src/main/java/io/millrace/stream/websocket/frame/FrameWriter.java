package io.millrace.stream.websocket.frame;

import io.millrace.codec.ResultsWriter;
import io.millrace.edge.Problems;
import io.millrace.event.TopicPartition;
import io.millrace.json.JsonBuffer;
import io.millrace.stream.PartitionJson;
import java.util.Collection;

/** Writes frames as JSON. */
public final class FrameWriter {

    private static final byte[] PRODUCED = JsonBuffer.ascii("{\"type\":\"produced\",");
    private static final byte[] REF = JsonBuffer.ascii("\"ref\":");
    private static final byte[] RESULTS = JsonBuffer.ascii("\"results\":");

    /** At most what a frame has besides partitions, and a partition besides its topic's name. */
    private static final int OTHER_BYTES = 1024;

    private static final int PARTITION_BYTES = 64;

    private FrameWriter() {}

    /** An estimate of a frame's length, from above. */
    public static int sizeAbout(ServerFrame frame) {
        return switch (frame) {
            case ServerFrame.Assigned assigned -> sizeOf(assigned.nextOffsets().keySet());
            case ServerFrame.Revoked revoked -> sizeOf(revoked.partitions());
            default -> OTHER_BYTES;
        };
    }

    private static int sizeOf(Collection<TopicPartition> partitions) {
        return partitions.stream()
                .mapToInt(partition -> PARTITION_BYTES + partition.topic().length())
                .reduce(OTHER_BYTES, Math::addExact);
    }

    public static JsonBuffer write(ServerFrame frame) {
        JsonBuffer out = new JsonBuffer(256);
        switch (frame) {
            case ServerFrame.Assigned assigned -> assigned(out, assigned);
            case ServerFrame.Revoked revoked -> revoked(out, revoked);
            case ServerFrame.Reset reset -> reset(out, reset);
            case ServerFrame.Committed committed -> committed(out, committed);
            case ServerFrame.Produced produced -> produced(out, produced);
            case ServerFrame.Failed failed -> failed(out, failed);
            case ServerFrame.Draining draining -> out.literal("{\"type\":\"draining\"}");
        }
        return out;
    }

    private static void assigned(JsonBuffer out, ServerFrame.Assigned frame) {
        out.literal("{\"type\":\"assigned\",\"id\":").string(frame.id());
        String memberId = frame.memberId();
        if (memberId != null) {
            out.literal(",\"member_id\":").string(memberId);
        }
        out.literal(",\"epoch\":").number(frame.epoch());
        out.literal(",\"partitions\":");
        PartitionJson.positions(out, frame.nextOffsets());
        out.ascii('}');
    }

    private static void revoked(JsonBuffer out, ServerFrame.Revoked frame) {
        out.literal("{\"type\":\"revoked\",\"id\":").string(frame.id());
        out.literal(",\"partitions\":");
        PartitionJson.partitions(out, frame.partitions());
        out.literal(",\"reason\":").string(frame.reason().code()).ascii('}');
    }

    private static void reset(JsonBuffer out, ServerFrame.Reset frame) {
        out.literal("{\"type\":\"reset\",\"id\":").string(frame.id()).ascii(',');
        PartitionJson.reset(out, frame.reset());
        out.literal(",\"reason\":").string(frame.reset().reason()).ascii('}');
    }

    private static void committed(JsonBuffer out, ServerFrame.Committed frame) {
        out.literal("{\"type\":\"committed\"");
        String ref = frame.ref();
        if (ref != null) {
            out.literal(",\"ref\":").string(ref);
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
        out.literal("{\"type\":\"error\",");
        String ref = frame.ref();
        if (ref != null) {
            out.raw(REF).string(ref).ascii(',');
        }
        String id = frame.id();
        if (id != null) {
            out.literal("\"id\":").string(id).ascii(',');
        }
        out.literal("\"problem\":");
        Problems.write(out, frame.problem(), null);
        out.ascii('}');
    }
}
