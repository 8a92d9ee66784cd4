package io.millrace.rest;

import io.millrace.budget.Hold;
import io.millrace.consume.MemberCall;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.Delivery;
import io.millrace.group.Assignment;
import io.millrace.group.Owned;
import io.millrace.json.JsonBuffer;
import java.util.List;
import java.util.function.Consumer;

/** Renders the answer to one read of a member as JSON. */
final class MemberAnswer {

    /** The estimated size of an answer without its partitions and, below, of a partition without its records. */
    private static final int AROUND_BYTES = 1024;

    private static final int PARTITION_BYTES = 256;

    private MemberAnswer() {}

    /**
     * @param cursor where the member continues
     * @param batches holds the records that the text is made of
     * @throws HubException {@link HubError#OVERLOADED} if there is no memory for the text
     */
    static JsonBuffer json(String group, MemberCall call, String cursor, AnswerMemory memory, Hold batches) {
        Assignment assignment = call.assignment();
        long around =
                AROUND_BYTES + (long) PARTITION_BYTES * assignment.partitions().size();
        JsonBuffer json = memory.text(around + textBytes(call), batches);
        raw(json, "{\"group\":").string(group);
        raw(json, ",\"member_id\":").string(assignment.memberId());
        raw(json, ",\"epoch\":").number(assignment.epoch());
        raw(json, ",\"assignment\":[");
        separated(json, assignment.partitions(), owned -> {
            name(json, owned.name());
            raw(json, ",\"epoch\":").number(owned.epoch()).ascii('}');
        });
        raw(json, "],\"revoking\":[");
        separated(json, assignment.partitions().stream().filter(Owned::revoking).toList(), owned -> {
            name(json, owned.name());
            json.ascii('}');
        });
        raw(json, "],\"partitions\":[");
        separated(json, call.parts(), part -> write(json, part));
        raw(json, "],\"cursor\":").string(cursor);
        return json.ascii('}');
    }

    private static long textBytes(MemberCall call) {
        return call.parts().stream()
                .flatMap(part -> part.runs().stream())
                .mapToLong(AnswerMemory::bytes)
                .sum();
    }

    private static void write(JsonBuffer json, MemberCall.Part part) {
        name(json, part.owned().name());
        raw(json, ",\"epoch\":").number(part.owned().epoch());
        Delivery.Reset reset = part.reset();
        if (reset != null) {
            raw(json, ",\"reset\":{\"requested\":").number(reset.requested());
            raw(json, ",\"next_offset\":").number(reset.nextOffset());
            raw(json, ",\"reason\":").string(reset.reason()).ascii('}');
        }
        raw(json, ",\"records\":[");
        RecordsJson.writeAll(json, part.runs());
        raw(json, "],\"next_offset\":").number(part.nextOffset());
        raw(json, ",\"high_watermark\":").number(part.highWatermark()).ascii('}');
    }

    private static <T> void separated(JsonBuffer json, List<T> elements, Consumer<T> write) {
        boolean first = true;
        for (T element : elements) {
            if (!first) {
                json.ascii(',');
            }
            first = false;
            write.accept(element);
        }
    }

    private static void name(JsonBuffer json, TopicPartition name) {
        raw(json, "{\"topic\":").string(name.topic());
        raw(json, ",\"partition\":").number(name.partition());
    }

    private static JsonBuffer raw(JsonBuffer json, String ascii) {
        return json.raw(JsonBuffer.ascii(ascii));
    }
}
