package io.millrace.bench.consume;

import io.millrace.bench.connection.BenchConnection;
import io.millrace.bench.connection.WebSocketConnection;
import io.millrace.bench.hub.HubUrl;
import io.millrace.bench.run.Run;
import io.netty.channel.ChannelHandler;
import java.util.Locale;

/** How records get from the hub. Another protocol is another constant here, with a connection of its own. */
public enum ConsumeProtocol {
    /** One subscription. */
    WEBSOCKET {
        @Override
        public BenchConnection connection(Run run, HubUrl hub, Consumer consumer) {
            return new WebSocketConsumer(run, hub, consumer);
        }
    },

    /** A streamed answer for each partition. */
    NDJSON {
        @Override
        public BenchConnection connection(Run run, HubUrl hub, Consumer consumer) {
            return new NdjsonConsumer(run, hub, consumer);
        }
    },

    /** One event stream. */
    SSE {
        @Override
        public BenchConnection connection(Run run, HubUrl hub, Consumer consumer) {
            return new SseConsumer(run, hub, consumer);
        }
    },

    /** A request for each page. */
    POLL {
        @Override
        public BenchConnection connection(Run run, HubUrl hub, Consumer consumer) {
            return new PollConsumer(run, hub, consumer);
        }
    };

    public abstract BenchConnection connection(Run run, HubUrl hub, Consumer consumer);

    /** What stands in front of the connection in its pipeline: all of them begin as HTTP. */
    public ChannelHandler[] codec() {
        return WebSocketConnection.codec();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
