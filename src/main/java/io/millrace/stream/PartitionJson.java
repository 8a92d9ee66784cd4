package io.millrace.stream;

import io.millrace.event.TopicPartition;
import io.millrace.fetch.Delivery;
import io.millrace.json.JsonBuffer;
import java.util.List;
import java.util.Map;

/** Writes partitions as JSON for frames and events. */
public final class PartitionJson {

    private PartitionJson() {}

    /** Appends {@code [{"topic":…,"partition":…,"next_offset":…},…]}. */
    public static void positions(JsonBuffer out, Map<TopicPartition, Long> nextOffsets) {
        out.ascii('[');
        String separator = "";
        for (Map.Entry<TopicPartition, Long> entry : nextOffsets.entrySet()) {
            out.literal(separator + "{");
            partition(out, entry.getKey());
            out.literal(",\"next_offset\":").number(entry.getValue()).ascii('}');
            separator = ",";
        }
        out.ascii(']');
    }

    /** Appends {@code [{"topic":…,"partition":…},…]}. */
    public static void partitions(JsonBuffer out, List<TopicPartition> partitions) {
        out.ascii('[');
        String separator = "";
        for (TopicPartition partition : partitions) {
            out.literal(separator + "{");
            partition(out, partition);
            out.ascii('}');
            separator = ",";
        }
        out.ascii(']');
    }

    /** Appends {@code "topic":…,"partition":…,"requested":…,"next_offset":…}. */
    public static void reset(JsonBuffer out, Delivery.Reset reset) {
        partition(out, reset.partition());
        out.literal(",\"requested\":").number(reset.requested());
        out.literal(",\"next_offset\":").number(reset.nextOffset());
    }

    /** Appends {@code "topic":…,"partition":…}. */
    public static JsonBuffer partition(JsonBuffer out, TopicPartition partition) {
        out.literal("\"topic\":").string(partition.topic());
        return out.literal(",\"partition\":").number(partition.partition());
    }
}
