package io.millrace.stream.websocket.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.budget.ClientMemory;
import io.millrace.event.TopicPartition;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.RecordBatch;
import io.millrace.eventlog.RecordColumns;
import io.millrace.eventlog.Slice;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.Fetched;
import io.millrace.time.Ticker;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A compressed frame inflates to the uncompressed one. */
class DeflatedRecordsFrameTest {

    private static final int LONGEST = 16 * 1024 * 1024;
    private static final int COMPRESSED = 4;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final Deflation deflation = new Deflation();

    @ParameterizedTest
    @EnumSource
    void framesOfAllKindsAreCompressed(Subprotocol subprotocol) {
        RecordBatch large = batch(0, 100, i -> text(200, i, 4));
        RecordBatch small = batch(100, 3, i -> text(100, i, 4));
        RecordBatch random = batch(103, 50, i -> text(400, i, 90));
        RecordBatch huge = batch(153, 2, i -> text(300_000, i, 90));
        RecordBatch tail = batch(155, 20, i -> text(100, i, 2));

        assertDeflates(subprotocol, 0, 100, large);
        assertDeflates(subprotocol, 40, 100, large);
        assertDeflates(subprotocol, 0, 60, large);
        assertDeflates(subprotocol, 0, 103, large, small);
        assertDeflates(subprotocol, 99, 160, large, small, random, huge, tail);
        assertDeflates(subprotocol, 0, 175, large, small, random, huge, tail);
    }

    @ParameterizedTest
    @EnumSource
    void smallFramesAndThoseThatDoNotShrinkAreSentUncompressed(Subprotocol subprotocol) {
        RecordBatch random = batch(0, 4, i -> text(10_000, i, 90));
        RecordBatch few = batch(0, 2, i -> text(100, i, 2));

        assertThat(frame(subprotocol, 0, 4, random).rsv()).isZero();
        assertThat(frame(subprotocol, 1, 3, random).rsv()).isZero();
        assertThat(frame(subprotocol, 0, 2, few).rsv()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aBatchIsCompressedOnceForAllReaders(Subprotocol subprotocol) {
        RecordBatch batch = batch(0, 100, i -> text(200, i, 4));
        frame(subprotocol, 0, 100, batch).release();

        byte[] shared = deflation.shared().of(batch, subprotocol, () -> {
            throw new AssertionError("it has been compressed already");
        });

        assertThat(ByteBufUtil.hexDump(frame(subprotocol, 0, 100, batch).content()))
                .contains(HexFormat.of().formatHex(shared));
    }

    private void assertDeflates(Subprotocol subprotocol, long from, long next, RecordBatch... batches) {
        WebSocketFrame frame = frame(subprotocol, from, next, batches);
        assertThat(frame.rsv()).isEqualTo(COMPRESSED);
        byte[] message = ByteBufUtil.getBytes(frame.content());
        byte[] plain = ByteBufUtil.getBytes(
                plain(subprotocol, from, next, batches).encode(allocator).content());
        assertThat(message.length).isLessThan(plain.length);
        MessageInflater inflater = new MessageInflater(new ClientMemory(10L * LONGEST, Ticker.SYSTEM).share(), LONGEST);
        assertThat(inflater.inflate(message, message.length)).isEqualTo(MessageInflater.Outcome.WHOLE);
        assertThat(Arrays.copyOf(inflater.array(), inflater.length())).isEqualTo(plain);
        assertThat(frame.release()).isTrue();
    }

    private WebSocketFrame frame(Subprotocol subprotocol, long from, long next, RecordBatch... batches) {
        RecordsFrame plain = plain(subprotocol, from, next, batches);
        return new DeflatedRecordsFrame(plain, subprotocol, deflation).encode(allocator);
    }

    private static RecordsFrame plain(Subprotocol subprotocol, long from, long next, RecordBatch... batches) {
        Fetched records = new Fetched(List.of(batches), from, next, PartitionBounds.settled(1, 0, next));
        return subprotocol.records("s1", 0, new Delivery.Records(new TopicPartition("orders", 3), records));
    }

    @FunctionalInterface
    private interface Values {
        byte[] of(int index);
    }

    private static RecordBatch batch(long firstOffset, int count, Values values) {
        List<byte @Nullable []> all = new ArrayList<>();
        int bytes = 0;
        for (int i = 0; i < count; i++) {
            byte[] value = values.of(i);
            all.add(value);
            bytes += value.length;
        }
        long[] timestamps =
                IntStream.range(0, count).mapToLong(i -> 1_700_000_000_000L + i).toArray();
        RecordColumns columns = new RecordColumns(timestamps, null, all.toArray(new byte[0][]), null, null, bytes);
        return new Slice(1, columns).at(firstOffset);
    }

    /** A JSON string of up to {@code characters} different characters. */
    private static byte[] text(int length, int seed, int characters) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder("\"");
        for (int i = 2; i < length; i++) {
            text.append((char) ('#' + random.nextInt(characters)));
        }
        return text.append('"').toString().replace('\\', '_').getBytes(StandardCharsets.US_ASCII);
    }
}
