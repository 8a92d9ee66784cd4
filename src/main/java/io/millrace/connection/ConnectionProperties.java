package io.millrace.connection;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How many connections there are, and how long a client may take for what it has begun on one. Between two requests
 * {@code server.netty.idle-timeout} holds.
 *
 * @param max connections of this node; more are closed at once. 0 is what three quarters of its file descriptors and an
 *     eighth of its heap suffice for, at 16 KB a connection
 * @param maxPerAddress connections from one address. 0 is half of all, so that no single machine can shut out the
 *     others; behind a proxy, whose address all clients have, set it to max
 * @param maxPipelined requests that a client may send on one connection before the first is answered; at most the 128
 *     that Netty allows
 * @param headTimeout from the first byte of a request's head to its last; longer than a slow client needs, too short to
 *     keep many connections busy with a byte now and then
 * @param bodyGrace how long a body may take however little comes, or a line of a streamed one, or a WebSocket message
 * @param bodyRate one second more for each so many bytes that have come: slower than any mobile network, so that only
 *     those are cut off who do not mean to end
 */
@ConfigurationProperties("millrace.connections")
public record ConnectionProperties(
        @DefaultValue("0") int max,
        @DefaultValue("0") int maxPerAddress,
        @DefaultValue("100") int maxPipelined,
        @DefaultValue("10s") Duration headTimeout,
        @DefaultValue("20s") Duration bodyGrace,
        @DefaultValue("4KB") DataSize bodyRate) {

    private static final int MOST_PIPELINED = 128;

    public ConnectionProperties {
        if (max < 0
                || maxPerAddress < 0
                || maxPipelined < 1
                || maxPipelined > MOST_PIPELINED
                || bodyRate.toBytes() < 1) {
            throw new IllegalArgumentException("millrace.connections: a limit is out of range");
        }
    }

    /** How long something may take of which so many bytes have come. */
    public long allowedNanos(long bytes) {
        return bodyGrace.toNanos() + (long) (bytes * 1e9 / bodyRate.toBytes());
    }
}
