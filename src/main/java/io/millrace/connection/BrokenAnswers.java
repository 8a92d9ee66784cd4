package io.millrace.connection;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.logging.LimitedLog;
import io.millrace.time.Ticker;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;

/** Counts and logs the answers that the hub broke off. */
@Component
public class BrokenAnswers implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private static final LimitedLog log = LimitedLog.of(BrokenAnswers.class);

    private final StallTimeout stallTimeout;
    private final Shares shares;
    private final Ticker ticker;
    private final Counter stalled;
    private final Counter failed;

    BrokenAnswers(StallTimeout stallTimeout, Shares shares, MeterRegistry registry, Ticker ticker) {
        this.stallTimeout = stallTimeout;
        this.shares = shares;
        this.ticker = ticker;
        this.stalled = counter(registry, "stalled");
        this.failed = counter(registry, "failed");
    }

    private static Counter counter(MeterRegistry registry, String reason) {
        return Counter.builder("millrace.answers.broken")
                .description("Answers that were broken off by the hub")
                .tag("reason", reason)
                .register(registry);
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        long stallNanos = stallTimeout.value().toNanos();
        factory.addServerCustomizers(server -> server.doOnChannelInit((_, channel, _) -> {
            if (channel.pipeline().get(NettyPipeline.HttpCodec) != null) {
                channel.pipeline()
                        .addAfter(
                                NettyPipeline.HttpCodec,
                                "millrace.answers",
                                new AnswerWatch(
                                        this, stallNanos, shares.of(channel).hold(), ticker));
            }
        }));
    }

    /** Counts an answer on this connection, or the output of a WebSocket, that was broken off. Safe for any thread. */
    public void count(Channel connection, @Nullable Throwable failure) {
        boolean stall = Connections.stalled(connection);
        (stall ? stalled : failed).increment();
        if (stall) {
            log.line(Level.WARN, "an answer was broken off: {} did not read it", connection.remoteAddress());
        } else {
            Object reason = failure == null ? "it could not be completed" : failure;
            log.line(Level.WARN, "an answer to {} was broken off: {}", connection.remoteAddress(), reason);
        }
    }
}
