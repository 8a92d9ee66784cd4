package io.millrace.bench.consume;

import io.millrace.bench.connection.SubscribingConnection;
import io.millrace.bench.format.Subprotocol;
import io.millrace.bench.run.Run;
import io.millrace.client.HubUrl;
import io.millrace.client.message.Frame;
import io.millrace.client.message.Position;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Reads partitions with a subscription that has unlimited credit. */
final class WebSocketConsumer extends SubscribingConnection {

    private static final String SUBSCRIPTION = "s";

    private final Consumer consumer;

    WebSocketConsumer(Run run, HubUrl hub, Subprotocol subprotocol, Consumer consumer) {
        super(
                run,
                hub,
                subprotocol,
                subprotocol.scanner(SUBSCRIPTION, consumer.topic().name()));
        this.consumer = consumer;
    }

    @Override
    protected void opened() {
        super.opened();
        String positions = Arrays.stream(consumer.partitions())
                .mapToObj(partition -> "{\"partition\":" + partition + ",\"next_offset\":"
                        + consumer.offsets().next(partition) + "}")
                .collect(Collectors.joining(","));
        send("{\"type\":\"subscribe\",\"id\":\"" + SUBSCRIPTION + "\",\"topic\":\""
                + consumer.topic().name() + "\",\"partitions\":[" + positions + "],\"credits\":" + UNLIMITED + "}");
    }

    @Override
    protected void records(ByteBuf frame) {
        if (!consumer.done().isDone()) {
            consumer.offsets().takePage(scan(frame));
            consumer.progress();
        }
    }

    /** The assigned positions are those that it requested. */
    @Override
    protected void assigned(List<Position> partitions) {}

    @Override
    protected void unexpected(Frame frame) {
        if (!consumer.done().isDone()) {
            super.unexpected(frame);
        }
    }
}
