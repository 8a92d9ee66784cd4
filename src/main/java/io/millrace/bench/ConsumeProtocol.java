package io.millrace.bench;

import io.netty.channel.ChannelHandler;
import java.util.Locale;

/** How records get from the hub. Another protocol is another constant here, with a connection of its own. */
enum ConsumeProtocol {
    /** One subscription. */
    WEBSOCKET {
        @Override
        BenchConnection connection(Run run, HubUrl hub, Consumer consumer) {
            return new WebSocketConsumer(run, hub, consumer);
        }
    },

    /** A streamed answer for each partition. */
    NDJSON {
        @Override
        BenchConnection connection(Run run, HubUrl hub, Consumer consumer) {
            return new NdjsonConsumer(run, hub, consumer);
        }
    },

    /** One event stream. */
    SSE {
        @Override
        BenchConnection connection(Run run, HubUrl hub, Consumer consumer) {
            return new SseConsumer(run, hub, consumer);
        }
    },

    /** A request for each page. */
    POLL {
        @Override
        BenchConnection connection(Run run, HubUrl hub, Consumer consumer) {
            return new PollConsumer(run, hub, consumer);
        }
    };

    abstract BenchConnection connection(Run run, HubUrl hub, Consumer consumer);

    /** What stands in front of the connection in its pipeline: all of them begin as HTTP. */
    ChannelHandler[] codec() {
        return WebSocketConnection.codec();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
