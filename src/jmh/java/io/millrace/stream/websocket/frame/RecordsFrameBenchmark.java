package io.millrace.stream.websocket.frame;

import io.millrace.event.TopicPartition;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.RecordBatch;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.Fetched;
import io.millrace.testing.InnerLoop;
import io.millrace.testing.SampleRecords;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** From a fetched batch to one subscriber's WebSocket frame, with the allocator that connections use. */
public class RecordsFrameBenchmark extends InnerLoop {

    private final Delivery.Records delivery = delivery(SampleRecords.batch().at(SampleRecords.FIRST_OFFSET));

    /** The first call renders the batch for all later ones: this measures the cost of each further subscriber. */
    @Benchmark
    @OperationsPerInvocation(SampleRecords.COUNT)
    public int json() {
        return released(JsonRecordsFrame.of("s1", 0, delivery));
    }

    @Benchmark
    @OperationsPerInvocation(SampleRecords.COUNT)
    public int binary() {
        return released(BinaryRecordsFrame.of("s1", 0, delivery));
    }

    private static int released(RecordsFrame records) {
        WebSocketFrame frame = records.encode(ByteBufAllocator.DEFAULT);
        int size = frame.content().readableBytes();
        frame.release();
        return size;
    }

    private static Delivery.Records delivery(RecordBatch batch) {
        long next = batch.lastOffset() + 1;
        return new Delivery.Records(
                new TopicPartition("orders", 3),
                new Fetched(List.of(batch), batch.firstOffset(), next, PartitionBounds.settled(1, 0, next)));
    }
}
