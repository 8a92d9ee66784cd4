package io.millrace.bench.subscribe;

import io.millrace.bench.connection.SubscribingConnection;
import io.millrace.bench.run.Run;
import io.millrace.client.HubUrl;
import io.millrace.client.message.Position;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;

/** Follows a topic from its end, as one of many subscribers on its event loop. */
final class Subscriber extends SubscribingConnection {

    private final String topic;
    private final SubscriberLoop loop;
    private long[] next = {};
    private long start;

    Subscriber(Run run, HubUrl hub, String topic, SubscriberLoop loop) {
        super(run, hub, loop.subprotocol(), loop.scanner());
        this.topic = topic;
        this.loop = loop;
    }

    @Override
    protected void opened() {
        send("{\"type\":\"subscribe\",\"id\":\"" + SubscriberLoop.SUBSCRIPTION + "\",\"topics\":[\"" + topic
                + "\"],\"from\":\"latest\",\"credits\":" + UNLIMITED + "}");
    }

    /** The sum of the start offsets of all partitions; any thread once it is open. */
    long start() {
        return start;
    }

    @Override
    protected void records(ByteBuf frame) {
        loop.deliver(this, frame);
    }

    /** Called again when partitions are added to the topic. */
    @Override
    protected void assigned(List<Position> partitions) {
        next = Arrays.copyOf(next, next.length + partitions.size());
        for (Position position : partitions) {
            next[position.partition()] = position.nextOffset();
            start += position.nextOffset();
        }
        super.opened();
    }

    /**
     * Counts records of a partition.
     *
     * @return how many of them are new
     */
    int take(int partition, long firstOffset, int count) {
        long expected = next[partition];
        long end = firstOffset + count;
        if (end <= expected) {
            return 0;
        }
        next[partition] = end;
        return (int) (end - Math.max(expected, firstOffset));
    }
}
