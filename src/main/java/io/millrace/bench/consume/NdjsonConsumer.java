package io.millrace.bench.consume;

import io.millrace.bench.format.JsonRecords;
import io.millrace.bench.run.BenchException;
import io.millrace.bench.run.Run;
import io.millrace.client.HubUrl;

/** Reads one partition after the other, each to its end in one streamed answer. */
final class NdjsonConsumer extends HttpConsumer {

    private final JsonRecords scanner = new JsonRecords();
    private int partition = -1;
    private long asked;

    NdjsonConsumer(Run run, HubUrl hub, Consumer consumer) {
        super(run, hub, consumer);
    }

    @Override
    void next() {
        int last = partition;
        partition = unfinished();
        long offset = consumer().offsets().next(partition);
        if (partition == last && offset == asked) {
            throw new BenchException("the hub sent no records although there are some");
        }
        asked = offset;
        get(
                "/v1/topics/" + consumer().topic().name() + "/partitions/" + partition + "/records?offset=" + offset,
                "application/x-ndjson");
    }

    @Override
    int take(byte[] text, int available, boolean whole) {
        int from = 0;
        for (int end = lineEnd(text, from, available); end >= 0; end = lineEnd(text, from, available)) {
            consumer().offsets().take(partition, scanner.line(text, from, end - from));
            from = end + 1;
        }
        return from;
    }
}
