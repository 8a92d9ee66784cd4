package io.millrace.connection;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.channel.Channel;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Bounds the number of connections, in total and per address. One that is too many is closed before anything is read
 * from it. Safe for any thread.
 */
@Component
final class ConnectionLimit {

    /** The most that an idle connection costs, with its pipeline and buffers. */
    private static final int CONNECTION_BYTES = 16 * 1024;

    private static final int HEAP_SHARE = 8;

    private final int most;
    private final int mostOfAddress;
    private final AtomicInteger open;
    private final ConnectionMetrics metrics;
    private final Map<InetAddress, Integer> ofAddresses = new ConcurrentHashMap<>();

    @Autowired
    ConnectionLimit(ConnectionProperties properties, ConnectionMetrics metrics) {
        this(properties, properties.max() > 0 ? properties.max() : derived(), metrics);
    }

    private ConnectionLimit(ConnectionProperties properties, int most, ConnectionMetrics metrics) {
        this(
                most,
                properties.maxPerAddress() > 0 ? properties.maxPerAddress() : Math.max(1, most / 2),
                metrics.open(),
                metrics);
    }

    /** @param open counts the connections */
    ConnectionLimit(int most, int mostOfAddress, AtomicInteger open, ConnectionMetrics metrics) {
        this.most = most;
        this.mostOfAddress = mostOfAddress;
        this.open = open;
        this.metrics = metrics;
    }

    int most() {
        return most;
    }

    int mostOfAddress() {
        return mostOfAddress;
    }

    private static int derived() {
        long affordable = Runtime.getRuntime().maxMemory() / HEAP_SHARE / CONNECTION_BYTES;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            affordable = Math.min(affordable, unix.getMaxFileDescriptorCount() / 4 * 3);
        }
        return (int) Math.clamp(affordable, 1, Integer.MAX_VALUE);
    }

    /** Counts a connection until it is closed; closes it and returns false if it is one too many. */
    boolean admit(Channel connection) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            return refuse(connection, ConnectionMetrics.Cut.TOO_MANY);
        }
        InetAddress address = address(connection.remoteAddress());
        if (address != null && ofAddresses.merge(address, 1, Integer::sum) > mostOfAddress) {
            left(address);
            return refuse(connection, ConnectionMetrics.Cut.ADDRESS);
        }
        connection.closeFuture().addListener(_ -> left(address));
        return true;
    }

    private boolean refuse(Channel connection, ConnectionMetrics.Cut reason) {
        metrics.cut(reason);
        connection.close();
        return false;
    }

    private void left(@Nullable InetAddress address) {
        open.decrementAndGet();
        if (address != null) {
            ofAddresses.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
        }
    }

    private static @Nullable InetAddress address(@Nullable SocketAddress remote) {
        return remote instanceof InetSocketAddress inet ? inet.getAddress() : null;
    }
}
