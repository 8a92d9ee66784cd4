package io.millrace.bench.consume;

import io.millrace.bench.format.JsonRecords;
import io.millrace.bench.format.ScannedRecords;
import io.millrace.bench.run.BenchException;
import io.millrace.bench.run.Run;
import io.millrace.client.HubUrl;

/** Reads one page per request, of the largest size that the hub allows, one partition after the other. */
final class PollConsumer extends HttpConsumer {

    private static final int LIMIT = 10_000;

    private final JsonRecords scanner = new JsonRecords();

    PollConsumer(Run run, HubUrl hub, Consumer consumer) {
        super(run, hub, consumer);
    }

    @Override
    void next() {
        int partition = unfinished();
        get(
                "/v1/topics/" + consumer().topic().name() + "/partitions/" + partition + "/records?offset="
                        + consumer().offsets().next(partition) + "&limit=" + LIMIT,
                "application/json");
    }

    @Override
    int take(byte[] text, int available, boolean whole) {
        if (!whole) {
            return 0;
        }
        ScannedRecords read = scanner.page(text, 0, available);
        if (read.count() == 0) {
            throw new BenchException("the hub sent no records although there are some");
        }
        consumer().offsets().takePage(read);
        return available;
    }
}
