package io.millrace.client;

import io.millrace.client.message.ProduceResult;
import io.millrace.client.message.Query;
import io.millrace.codec.NewRecordWriter;
import io.millrace.codec.PageReader;
import io.millrace.codec.ReadPage;
import io.millrace.event.Acks;
import io.millrace.event.NewRecord;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Records without a group. Each method is one request; the package documents what they throw. Thread-safe. */
public final class RecordCalls {

    private final Transport transport;

    RecordCalls(Transport transport) {
        this.transport = transport;
    }

    /**
     * Stores records: all or none. After a {@link NoAnswerException} that {@linkplain NoAnswerException#mayBeCarriedOut
     * may be carried out}, or a refusal {@code outcome_unknown}, they may be stored; sending them again may store them
     * twice.
     */
    public ProduceResult produce(String topic, List<NewRecord> records, Acks acks)
            throws NoAnswerException, InterruptedException {
        return produce(topic, NewRecordWriter.document(records), acks);
    }

    /** @param body of the request, as JSON */
    public ProduceResult produce(String topic, byte[] body, Acks acks) throws NoAnswerException, InterruptedException {
        String what = "to store records";
        Query resource = new Query("/v1/topics/", topic, "/records").with("acks", acks.parameter());
        Answer answer = transport.call(
                what,
                transport.request("POST", resource, body),
                transport.settings().answer());
        return acks == Acks.NONE ? new ProduceResult(List.of()) : Transport.value(what, answer, ProduceResult.class);
    }

    /**
     * What to read of a partition.
     *
     * @param offset of the first record; null to begin at a timestamp
     * @param timestamp to begin at the first record from this time on, in milliseconds since 1970; null to begin at an
     *     offset
     * @param limit the maximum number of records; null for the hub's own limit
     * @param maxBytes the maximum size of all records, though at least one record is returned; null for the hub's own
     *     limit
     * @param patience how long to wait at the end of the partition for the first record
     */
    public record Range(
            @Nullable Long offset,
            @Nullable Long timestamp,
            @Nullable Integer limit,
            @Nullable Long maxBytes,
            Duration patience) {

        public static Range from(long offset) {
            return new Range(offset, null, null, null, Duration.ZERO);
        }

        public static Range at(long timestamp) {
            return new Range(null, timestamp, null, null, Duration.ZERO);
        }

        public Range limit(int records) {
            return new Range(offset, timestamp, records, maxBytes, patience);
        }

        public Range patience(Duration longest) {
            return new Range(offset, timestamp, limit, maxBytes, longest);
        }
    }

    /** A page of a partition. */
    public ReadPage read(String topic, int partition, Range range) throws NoAnswerException, InterruptedException {
        String what = "to read " + topic + "/" + partition;
        Query resource = records(topic, partition)
                .with("offset", range.offset())
                .with("timestamp", range.timestamp())
                .with("limit", range.limit())
                .with("max_bytes", range.maxBytes())
                .with(
                        "wait",
                        range.patience().isZero() ? null : range.patience().toMillis() + "ms");
        Answer answer = transport.call(
                what,
                transport.request("GET", resource, null).setHeader("Accept", Transport.JSON),
                transport.settings().answer().plus(range.patience()));
        try {
            return PageReader.page(answer.body());
        } catch (RuntimeException other) {
            throw NoAnswerException.notUnderstood(what, other);
        }
    }

    /** All records of a partition from an offset to its current end. */
    public RecordLines lines(String topic, int partition, long offset) throws NoAnswerException, InterruptedException {
        Query resource = records(topic, partition).with("offset", offset);
        return new RecordLines(transport.stream(
                "to read " + topic + "/" + partition,
                transport.request("GET", resource, null).setHeader("Accept", "application/x-ndjson")));
    }

    /**
     * How to follow a topic. For null values, the hub's defaults apply.
     *
     * @param from {@code earliest}, {@code latest} or milliseconds since 1970
     * @param partitions if empty, all, including those added later
     * @param onGap {@code reset} or {@code fail}
     * @param cursor of the event to continue after; overrides {@code from}
     */
    public record Following(
            @Nullable String from,
            List<Integer> partitions,
            @Nullable String onGap,
            @Nullable String cursor) {

        public static Following from(String position) {
            return new Following(position, List.of(), null, null);
        }

        public static Following behind(String cursor) {
            return new Following(null, List.of(), null, cursor);
        }
    }

    /** Follows a topic with an event stream until that is closed. */
    public EventStream follow(String topic, Following how) throws NoAnswerException, InterruptedException {
        Query resource = new Query("/v1/topics/", topic, "/stream")
                .with("from", how.from())
                .with("partitions", how.partitions().isEmpty() ? null : joined(how.partitions()))
                .with("on_gap", how.onGap())
                .with("cursor", how.cursor());
        return new EventStream(transport.stream(
                "to follow " + topic,
                transport.request("GET", resource, null).setHeader("Accept", "text/event-stream")));
    }

    static String joined(List<?> parts) {
        return parts.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    private static Query records(String topic, int partition) {
        return new Query("/v1/topics/", topic, "/partitions/", Integer.toString(partition), "/records");
    }
}
