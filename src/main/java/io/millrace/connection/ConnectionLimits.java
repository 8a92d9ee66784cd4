package io.millrace.connection;

import io.millrace.edge.StatedLimits;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.springframework.boot.reactor.netty.autoconfigure.NettyServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.stereotype.Component;

/** States the limits of connections, and of the heads of requests. */
@Component
final class ConnectionLimits implements StatedLimits {

    private final ConnectionLimit connections;
    private final ConnectionProperties properties;
    private final ServerProperties server;
    private final NettyServerProperties netty;

    ConnectionLimits(
            ConnectionLimit connections,
            ConnectionProperties properties,
            ServerProperties server,
            NettyServerProperties netty) {
        this.connections = connections;
        this.properties = properties;
        this.server = server;
        this.netty = netty;
    }

    @Override
    public void state(BiConsumer<String, Object> limit) {
        limit.accept("max_request_line_bytes", netty.getMaxInitialLineLength().toBytes());
        limit.accept(
                "max_request_header_bytes", server.getMaxHttpRequestHeaderSize().toBytes());
        limit.accept("max_connections", connections.most());
        limit.accept("max_connections_per_address", connections.mostOfAddress());
        limit.accept("max_pipelined_requests", properties.maxPipelined());
        limit.accept("head_timeout_ms", properties.headTimeout().toMillis());
        limit.accept("body_grace_ms", properties.bodyGrace().toMillis());
        limit.accept("min_body_bytes_per_second", properties.bodyRate().toBytes());
        Duration idle = netty.getIdleTimeout();
        if (idle != null) {
            limit.accept("idle_timeout_ms", idle.toMillis());
        }
    }
}
