package io.millrace.connection;

import io.millrace.logging.LimitedLog;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.channels.ClosedChannelException;
import org.slf4j.event.Level;

/**
 * Counts and logs TLS handshakes that fail: otherwise nobody but the client would know why it cannot connect. A client
 * that goes away is not a failure, as probes of balancers do that. Used on the event loops of all connections.
 */
@Sharable
final class Handshakes extends ChannelInboundHandlerAdapter {

    private static final LimitedLog log = LimitedLog.of(Handshakes.class);

    private final ConnectionMetrics metrics;

    Handshakes(ConnectionMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if ((event instanceof SslHandshakeCompletionEvent || event instanceof SniCompletionEvent)
                && event instanceof SslCompletionEvent completion
                && !completion.isSuccess()) {
            failed(context.channel(), completion.cause());
        }
        context.fireUserEventTriggered(event);
    }

    private void failed(Channel connection, Throwable cause) {
        if (!(cause instanceof ClosedChannelException)) {
            metrics.cut(ConnectionMetrics.Cut.HANDSHAKE);
            // The exception's message has the bytes that came instead, which may be a password.
            String reason = cause instanceof NotSslRecordException
                    ? "what it sends is not TLS"
                    : String.valueOf(cause.getMessage());
            log.line(Level.INFO, "the TLS handshake of {} failed: {}", connection.remoteAddress(), reason);
        }
    }
}
