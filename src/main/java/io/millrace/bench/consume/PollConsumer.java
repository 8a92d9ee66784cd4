package io.millrace.bench.consume;

import io.millrace.bench.format.RecordScanner;
import io.millrace.bench.hub.HubUrl;
import io.millrace.bench.run.BenchException;
import io.millrace.bench.run.Run;

/** Reads a page a request, the largest that the hub gives, one partition after the other. */
final class PollConsumer extends HttpConsumer {

    private static final int LIMIT = 10_000;

    private final RecordScanner scanner = new RecordScanner();

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
        scanner.page(text, 0, available);
        if (scanner.count() == 0) {
            throw new BenchException("the hub sent no records though there are some");
        }
        consumer().offsets().takePage(scanner);
        return available;
    }
}
