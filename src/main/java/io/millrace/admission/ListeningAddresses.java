package io.millrace.admission;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses that a hub listens on. If it listens on all, those are the machine's, which come and go: they are
 * looked up when an address is asked for that is not among those known, and at most every ten seconds. Safe for all
 * threads.
 */
final class ListeningAddresses implements Predicate<InetAddress> {

    private static final Logger log = LoggerFactory.getLogger(ListeningAddresses.class);
    private static final long PAUSE = Duration.ofSeconds(10).toNanos();

    /** The addresses as of a moment. */
    private record Known(Set<InetAddress> addresses, long since) {}

    private final @Nullable InetAddress only;
    private final LongSupplier nanos;
    private volatile @Nullable Known known;

    /** @param bound the one address; null or the unspecified one for all */
    ListeningAddresses(@Nullable InetAddress bound, LongSupplier nanos) {
        this.only = bound == null || bound.isAnyLocalAddress() ? null : bound;
        this.nanos = nanos;
    }

    @Override
    public boolean test(InetAddress address) {
        if (only != null) {
            return only.equals(address);
        }
        Known last = known;
        if (last != null && (last.addresses.contains(address) || nanos.getAsLong() - last.since < PAUSE)) {
            return last.addresses.contains(address);
        }
        Known now = new Known(ofMachine(), nanos.getAsLong());
        known = now;
        return now.addresses.contains(address);
    }

    private static Set<InetAddress> ofMachine() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (SocketException failure) {
            log.warn("the addresses of this machine cannot be had: {}", failure.toString());
            return Set.of();
        }
    }
}
