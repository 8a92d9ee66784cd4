package io.millrace.connection;

import io.millrace.time.Ticker;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;

/** Watches connections from the start: whether there may be one more, and whether its client makes progress. */
@Component
class ConnectionGuards implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private final ConnectionLimit limit;
    private final ConnectionProperties properties;
    private final ConnectionMetrics metrics;
    private final Ticker ticker;

    ConnectionGuards(ConnectionLimit limit, ConnectionProperties properties, ConnectionMetrics metrics, Ticker ticker) {
        this.limit = limit;
        this.properties = properties;
        this.metrics = metrics;
        this.ticker = ticker;
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        customize(factory, limit);
    }

    /** The same for a server whose connections are counted for themselves. */
    void customize(NettyReactiveWebServerFactory factory, ConnectionLimit limit) {
        Handshakes handshakes = new Handshakes(metrics);
        factory.addServerCustomizers(server -> server.doOnChannelInit((_, channel, _) -> {
            if (channel.parent() != null
                    && channel.pipeline().get(NettyPipeline.HttpCodec) != null
                    && limit.admit(channel)) {
                channel.pipeline()
                        .addAfter(
                                NettyPipeline.HttpCodec, "millrace.pace", new RequestPace(properties, metrics, ticker));
                channel.pipeline().addBefore(NettyPipeline.HttpCodec, "millrace.handshakes", handshakes);
            }
        }));
    }
}
