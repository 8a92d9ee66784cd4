package io.millrace.connection;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How many connections there may be, and how long a client may take to complete what it has begun on one. Between
 * requests {@code server.netty.idle-timeout} applies.
 *
 * @param max connections of this node; more are closed at once. 0 is as many as three quarters of its file descriptors
 *     and an eighth of its heap suffice for, at 16 KB per connection
 * @param maxPerAddress connections from one address. 0 is half of max, so that no single machine can shut out the
 *     others; behind a proxy, whose address all clients have, set it to max
 * @param maxPipelined requests that a client may send on one connection before the first is answered; at most the 128
 *     that Netty allows
 * @param headTimeout from the first byte of a request's head to its last; longer than a slow client needs, too short to
 *     hold many connections with a byte now and then
 * @param bodyGrace how long a body, a line of a streamed one, or a WebSocket message may take, however small it is
 * @param bodyRate one more second for each time that this many bytes have arrived: slower than any mobile network, so
 *     that only clients that stall on purpose are disconnected
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

    /** How long a body, line or message may take of which this many bytes have arrived. */
    public long allowedNanos(long bytes) {
        return bodyGrace.toNanos() + (long) (bytes * 1e9 / bodyRate.toBytes());
    }
}
