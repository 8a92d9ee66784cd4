package io.millrace.bench.subscribe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.bench.format.Subprotocol;
import io.millrace.bench.run.Run;
import io.millrace.client.HubUrl;
import io.millrace.client.message.Position;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubscriberLoopTest {

    private final SubscriberLoop loop = new SubscriberLoop(Subprotocol.JSON, "t", 0);
    private final Subscriber first = subscriber();
    private final Subscriber second = subscriber();

    @Test
    void everySubscriberIsDeliveredEveryRecordOnce() {
        String frame = frame(0, 0, 3, 3);

        deliver(first, frame);
        deliver(second, frame);

        assertThat(loop.delivered()).isEqualTo(6);
        assertThat(loop.duplicated()).isZero();
    }

    @Test
    void framesThatDifferInTheHighWatermarkOnlyAreTheSame() {
        deliver(first, frame(0, 0, 3, 3));
        deliver(second, frame(0, 0, 3, 1000));

        assertThat(loop.delivered()).isEqualTo(6);
    }

    @Test
    void framesWithTheSameBeginningAreNotConfused() {
        deliver(first, frame(0, 0, 1, 1));
        deliver(second, frame(0, 0, 2, 2));
        deliver(first, frame(0, 1, 1, 2));

        assertThat(loop.delivered()).isEqualTo(4);
        assertThat(loop.duplicated()).isZero();
    }

    @Test
    void framesWithTheSameBeginningAndLengthAreNotConfused() {
        String frame = frame(0, 0, 3, 3);
        deliver(first, frame);

        assertThatThrownBy(() -> deliver(second, frame.replace("{\"offset\":1,", "{\"offset\":7,")))
                .hasMessageContaining("a gap or a repetition");
    }

    @Test
    void duplicatesAreCountedSeparatelyAndMissingRecordsNotAtAll() {
        deliver(first, frame(0, 0, 3, 10));
        deliver(first, frame(0, 1, 4, 10));
        deliver(first, frame(0, 8, 2, 10));

        assertThat(loop.delivered()).as("0 to 4, 8 and 9").isEqualTo(7);
        assertThat(loop.duplicated()).as("1 and 2").isEqualTo(2);
    }

    private Subscriber subscriber() {
        Subscriber subscriber = new Subscriber(new Run(), HubUrl.parse("http://localhost"), "t", loop);
        subscriber.assigned(List.of(new Position("t", 0, 0)));
        return subscriber;
    }

    private void deliver(Subscriber subscriber, String frame) {
        // not at index 0 of the buffer, as in most reads
        ByteBuf buffer = Unpooled.directBuffer().writeByte(0).writeBytes(frame.getBytes(StandardCharsets.US_ASCII));
        loop.deliver(subscriber, buffer.skipBytes(1));
        buffer.release();
    }

    private static String frame(int partition, long firstOffset, int count, long highWatermark) {
        StringBuilder frame = new StringBuilder("{\"type\":\"records\",\"id\":\"s\",\"topic\":\"t\",\"partition\":")
                .append(partition)
                .append(",\"records\":[");
        for (int i = 0; i < count; i++) {
            frame.append(i == 0 ? "" : ",")
                    .append("{\"offset\":")
                    .append(firstOffset + i)
                    .append(",\"timestamp\":1,\"key\":\"k\",\"value\":1,\"headers\":[]}");
        }
        return frame.append("],\"next_offset\":")
                .append(firstOffset + count)
                .append(",\"high_watermark\":")
                .append(highWatermark)
                .append("}")
                .toString();
    }
}
