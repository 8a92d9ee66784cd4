package io.millrace.admission;

import io.millrace.time.Ticker;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses that a hub listens on. If it listens on all, those are the machine's, which may change: they are looked
 * up again when asked for an unknown address, at most every ten seconds. Safe for any thread.
 */
final class ListeningAddresses implements Predicate<InetAddress> {

    private static final Logger log = LoggerFactory.getLogger(ListeningAddresses.class);
    private static final long PAUSE = Duration.ofSeconds(10).toNanos();

    /** The addresses at one point in time. */
    private record Known(Set<InetAddress> addresses, long since) {}

    private final @Nullable InetAddress only;
    private final Ticker ticker;
    private volatile @Nullable Known known;

    /** @param bound the one address; null or the unspecified one for all */
    ListeningAddresses(@Nullable InetAddress bound, Ticker ticker) {
        this.only = bound == null || bound.isAnyLocalAddress() ? null : bound;
        this.ticker = ticker;
    }

    @Override
    public boolean test(InetAddress address) {
        if (only != null) {
            return only.equals(address);
        }
        Known last = known;
        if (last != null && (last.addresses.contains(address) || ticker.nanos() - last.since < PAUSE)) {
            return last.addresses.contains(address);
        }
        Known now = new Known(ofMachine(), ticker.nanos());
        known = now;
        return now.addresses.contains(address);
    }

    private static Set<InetAddress> ofMachine() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (SocketException failure) {
            log.warn("cannot list the addresses of this machine: {}", failure.toString());
            return Set.of();
        }
    }
}
