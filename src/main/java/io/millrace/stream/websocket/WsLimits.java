package io.millrace.stream.websocket;

import io.millrace.edge.StatedLimits;
import io.millrace.event.ClientName;
import io.millrace.stream.StreamProperties;
import io.millrace.stream.websocket.frame.FrameReader;
import java.util.function.BiConsumer;
import org.springframework.stereotype.Component;

/** The limits of the WebSocket protocol. */
@Component
final class WsLimits implements StatedLimits {

    private final StreamProperties properties;

    WsLimits(StreamProperties properties) {
        this.properties = properties;
    }

    @Override
    public void state(BiConsumer<String, Object> limit) {
        limit.accept("max_frame_bytes", properties.maxFrame().toBytes());
        limit.accept("max_records_per_frame", properties.maxFrameRecords());
        limit.accept("max_subscriptions_per_connection", properties.maxSubscriptions());
        limit.accept("max_outstanding_produce_frames", properties.maxOutstanding());
        limit.accept(
                "max_outstanding_produce_bytes",
                properties.maxOutstandingBytes().toBytes());
        limit.accept("max_bad_frames_in_a_row", properties.maxBadFrames());
        limit.accept("max_small_frames_per_second", properties.maxSmallFrames());
        limit.accept("max_partitions_per_frame", FrameReader.MOST_NAMED);
        limit.accept("max_client_name_characters", ClientName.LONGEST);
        limit.accept("max_credits", FrameReader.MOST_CREDITS);
        limit.accept("ping_interval_ms", properties.pingInterval().toMillis());
        limit.accept("pong_timeout_ms", properties.pongTimeout().toMillis());
        limit.accept("stall_timeout_ms", properties.stallTimeout().toMillis());
    }
}
