package io.millrace.web;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;

/** Answers that the hub did not bring to their end: counted, and told of in one line now and then. */
@Component
public class BrokenAnswers implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private static final Logger log = LoggerFactory.getLogger(BrokenAnswers.class);

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final StallTimeout stallTimeout;
    private final Shares shares;
    private final Counter stalled;
    private final Counter failed;
    private final AtomicLong untold = new AtomicLong();
    private final AtomicLong nextLine = new AtomicLong(System.nanoTime());

    BrokenAnswers(StallTimeout stallTimeout, Shares shares, MeterRegistry registry) {
        this.stallTimeout = stallTimeout;
        this.shares = shares;
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
                                        this, stallNanos, shares.of(channel).hold()));
            }
        }));
    }

    /** An answer of this connection, or what a WebSocket client gets, was broken off. Any thread. */
    public void count(Channel connection, @Nullable Throwable failure) {
        boolean stall = Connections.stalled(connection);
        (stall ? stalled : failed).increment();
        long answers = untold.incrementAndGet();
        long due = nextLine.get();
        long now = System.nanoTime();
        if (now - due >= 0 && nextLine.compareAndSet(due, now + PAUSE_NANOS)) {
            untold.addAndGet(-answers);
            String reason = stall ? "did not read" : "did not get the rest" + (failure == null ? "" : ": " + failure);
            log.warn(
                    "{} answers broken off; the last one's client, {}, {}",
                    answers,
                    connection.remoteAddress(),
                    reason);
        }
    }
}
