package io.millrace.bench.consume;

import io.millrace.bench.format.Asciis;
import io.millrace.bench.format.JsonRecords;
import io.millrace.bench.format.ScannedRecords;
import io.millrace.bench.hub.Refusals;
import io.millrace.bench.run.BenchException;
import io.millrace.bench.run.Run;
import io.millrace.client.HubUrl;
import io.millrace.client.message.Frame;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Reads one event stream. */
final class SseConsumer extends HttpConsumer {

    private static final byte[] CONTROL = Asciis.bytes("event: control");
    private static final byte[] RECORD = Asciis.bytes("event: record");
    private static final byte[] DATA = Asciis.bytes("data: ");

    private final JsonRecords scanner = new JsonRecords();
    private boolean control;

    SseConsumer(Run run, HubUrl hub, Consumer consumer) {
        super(run, hub, consumer);
    }

    @Override
    void next() {
        String partitions = consumer().readsAll()
                ? ""
                : "&partitions="
                        + Arrays.stream(consumer().partitions())
                                .mapToObj(Integer::toString)
                                .collect(Collectors.joining(","));
        get(
                "/v1/topics/" + consumer().topic().name() + "/stream?from="
                        + consumer().from() + partitions,
                "text/event-stream");
    }

    @Override
    int take(byte[] text, int available, boolean whole) {
        int from = 0;
        for (int end = lineEnd(text, from, available); end >= 0; end = lineEnd(text, from, available)) {
            line(text, from, end);
            from = end + 1;
        }
        if (whole && !consumer().offsets().allFinished()) {
            throw new BenchException("the hub ended the event stream");
        }
        return from;
    }

    private void line(byte[] text, int from, int end) {
        if (startsWith(text, from, end, DATA)) {
            int data = from + DATA.length;
            if (control) {
                control(Refusals.parsed(Arrays.copyOfRange(text, data, end)));
            } else {
                ScannedRecords read = scanner.line(text, data, end - data);
                consumer().offsets().take(read.partition(), read);
            }
        } else if (startsWith(text, from, end, RECORD)) {
            control = false;
        } else if (startsWith(text, from, end, CONTROL)) {
            control = true;
        }
    }

    private static void control(Frame event) {
        if (!(event instanceof Frame.Assigned)) {
            throw Refusals.unexpected(event);
        }
    }

    private static boolean startsWith(byte[] text, int from, int end, byte[] start) {
        return end - from >= start.length && Arrays.equals(text, from, from + start.length, start, 0, start.length);
    }
}
