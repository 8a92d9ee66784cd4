package io.millrace.stream;

import io.millrace.append.Appender;
import io.millrace.event.Appended;
import io.millrace.event.NewRecord;
import io.millrace.testing.Hub;
import io.millrace.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/** Fills topics without going through HTTP. */
public final class StreamTopics {

    private StreamTopics() {}

    /** Appends {@code {"n":first}}, {@code {"n":first+1}}, … over all partitions. */
    public static Appended append(Hub hub, Topic topic, int first, int count) {
        return store(
                hub,
                topic,
                IntStream.range(first, first + count)
                        .mapToObj(i -> record(i, NewRecord.ANY_PARTITION))
                        .toList());
    }

    /** Appends {@code {"n":0}}, {@code {"n":1}}, … to one partition. */
    public static Appended appendTo(Hub hub, Topic topic, int partition, int count) {
        return store(
                hub,
                topic,
                IntStream.range(0, count).mapToObj(i -> record(i, partition)).toList());
    }

    public static Appended appendValue(Hub hub, Topic topic, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return store(
                hub,
                topic,
                List.of(new NewRecord(NewRecord.ANY_PARTITION, NewRecord.NO_TIMESTAMP, null, bytes, null, (byte) 0)));
    }

    private static Appended store(Hub hub, Topic topic, List<NewRecord> records) {
        return hub.bean(Appender.class).append(topic, records).join();
    }

    private static NewRecord record(int number, int partition) {
        byte[] value = ("{\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8);
        return new NewRecord(partition, NewRecord.NO_TIMESTAMP, null, value, null, (byte) 0);
    }
}
