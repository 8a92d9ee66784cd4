package io.millrace.bench.consume;

import io.millrace.bench.connection.WebSocketConnection;
import io.millrace.bench.format.Asciis;
import io.millrace.bench.format.RecordScanner;
import io.millrace.bench.hub.HubUrl;
import io.millrace.bench.run.Run;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Reads partitions by a subscription that has all the credit it may need. */
public final class WebSocketConsumer extends WebSocketConnection {

    public static final String UNLIMITED = "1000000000000";

    private static final byte[] RECORDS = Asciis.bytes("{\"type\":\"records\"");

    private final Consumer consumer;
    private final RecordScanner scanner = new RecordScanner();
    private byte[] frame = {};

    WebSocketConsumer(Run run, HubUrl hub, Consumer consumer) {
        super(run, hub);
        this.consumer = consumer;
    }

    @Override
    protected void opened() {
        super.opened();
        String positions = Arrays.stream(consumer.partitions())
                .mapToObj(partition -> "{\"partition\":" + partition + ",\"next_offset\":"
                        + consumer.offsets().next(partition) + "}")
                .collect(Collectors.joining(","));
        send("{\"type\":\"subscribe\",\"id\":\"s\",\"topic\":\""
                + consumer.topic().name() + "\",\"partitions\":[" + positions + "],\"credits\":" + UNLIMITED + "}");
    }

    @Override
    protected void text(ByteBuf buffer, int from, int length) {
        if (consumer.done().isDone()) {
            return;
        }
        if (!Asciis.startsWith(buffer, from, length, RECORDS)) {
            JsonNode other = parse(buffer, from, length);
            if (!other.path("type").asString("").equals("assigned")) {
                throw unexpected(other);
            }
            return;
        }
        if (frame.length < length) {
            frame = new byte[length];
        }
        buffer.getBytes(from, frame, 0, length);
        scanner.page(frame, 0, length);
        consumer.offsets().takePage(scanner);
        consumer.progress();
    }
}
