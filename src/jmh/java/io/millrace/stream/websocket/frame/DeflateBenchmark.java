package io.millrace.stream.websocket.frame;

import io.millrace.budget.ClientMemory;
import io.millrace.event.TopicPartition;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.RecordBatch;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.Fetched;
import io.millrace.testing.InnerLoop;
import io.millrace.testing.SampleRecords;
import io.millrace.time.Ticker;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** JSON frames for a client that accepts compression, and compressed messages from a client. */
public class DeflateBenchmark extends InnerLoop {

    private static final int LONGEST = 8 * 1024 * 1024;

    private final RecordBatch batch = SampleRecords.batch().at(SampleRecords.FIRST_OFFSET);
    private final Deflation deflation = new Deflation();
    private final RecordsFrame whole = frame(SampleRecords.FIRST_OFFSET);
    private final RecordsFrame part = frame(SampleRecords.FIRST_OFFSET + 1);
    private final byte[] message = content(whole);
    private final MessageInflater inflater =
            new MessageInflater(new ClientMemory(LONGEST, Ticker.SYSTEM).share(), LONGEST);

    /** The first call compresses the batch for all later ones: this measures the cost of each further subscriber. */
    @Benchmark
    @OperationsPerInvocation(SampleRecords.COUNT)
    public int shared() {
        return released(whole);
    }

    /** A part of a batch is compressed for its frame alone. */
    @Benchmark
    @OperationsPerInvocation(SampleRecords.COUNT - 1)
    public int alone() {
        return released(part);
    }

    @Benchmark
    @OperationsPerInvocation(SampleRecords.COUNT)
    public int inflate() {
        inflater.inflate(message, message.length);
        int length = inflater.length();
        inflater.clear();
        return length;
    }

    private static int released(RecordsFrame records) {
        WebSocketFrame frame = records.encode(ByteBufAllocator.DEFAULT);
        int size = frame.content().readableBytes();
        frame.release();
        return size;
    }

    private static byte[] content(RecordsFrame records) {
        WebSocketFrame frame = records.encode(ByteBufAllocator.DEFAULT);
        byte[] content = ByteBufUtil.getBytes(frame.content());
        frame.release();
        return content;
    }

    private RecordsFrame frame(long from) {
        long next = batch.lastOffset() + 1;
        Delivery.Records delivery = new Delivery.Records(
                new TopicPartition("orders", 3),
                new Fetched(List.of(batch), from, next, PartitionBounds.settled(1, 0, next)));
        return new AgreedTerms(Subprotocol.JSON, deflation).records("s1", 0, delivery);
    }
}
