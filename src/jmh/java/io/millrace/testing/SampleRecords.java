package io.millrace.testing;

import io.millrace.event.NewRecord;
import io.millrace.event.RecordFormat;
import io.millrace.eventlog.RecordColumns;
import io.millrace.eventlog.Slice;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The records of all benchmarks: a string key of 13 bytes, a JSON object of 200 bytes as the value, and no headers. All
 * differ from each other, and they are the same in every run.
 */
public final class SampleRecords {

    /** The number of records: a constant, as {@code @OperationsPerInvocation} needs one. */
    public static final int COUNT = 100;

    /** The batch's first offset in its partition. */
    public static final long FIRST_OFFSET = 1_000_000;

    private static final long FIRST_TIMESTAMP = 1_700_000_000_000L;

    private static final List<String> STATUSES = List.of("received", "approved", "returned");

    private SampleRecords() {}

    /** As a producer sends them: to be partitioned by key, with the time of the append. */
    public static List<NewRecord> produced() {
        Random random = new Random(7);
        return IntStream.range(0, COUNT).mapToObj(_ -> produced(random)).toList();
    }

    private static NewRecord produced(Random random) {
        return new NewRecord(
                NewRecord.ANY_PARTITION,
                NewRecord.NO_TIMESTAMP,
                utf8("customer-" + digits(random)),
                utf8(value(random)),
                null,
                RecordFormat.DEFAULT);
    }

    private static String value(Random random) {
        return """
            {"order":%d,"status":"%s","total":%d.5,"currency":"EUR",\
            "items":[{"sku":"A-%d","quantity":2},{"sku":"B-%d","quantity":1}],\
            "address":{"street":"Bäckerweg %d","city":"Ulm"},"note":null}\
            """.formatted(
                        digits(random),
                        STATUSES.get(random.nextInt(STATUSES.size())),
                        digits(random),
                        digits(random),
                        digits(random),
                        digits(random));
    }

    private static int digits(Random random) {
        return random.nextInt(1000, 10_000);
    }

    /** As they are stored, in one batch. */
    public static Slice batch() {
        List<NewRecord> records = produced();
        return new Slice(
                1,
                new RecordColumns(
                        IntStream.range(0, COUNT)
                                .mapToLong(i -> FIRST_TIMESTAMP + i)
                                .toArray(),
                        records.stream().map(NewRecord::key).toArray(byte[][]::new),
                        records.stream().map(NewRecord::value).toArray(byte[][]::new),
                        null,
                        null,
                        records.stream().mapToInt(NewRecord::size).sum()));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
