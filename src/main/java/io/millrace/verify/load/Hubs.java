package io.millrace.verify.load;

import io.millrace.client.ClientSettings;
import io.millrace.client.HubClient;
import io.millrace.client.HubUrl;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The hubs of a run for one client, which uses one at a time and turns to the next one when that fails. Thread-safe.
 */
public final class Hubs implements AutoCloseable {

    /** A hub that did not answer is left out for this long, if there are others. */
    private static final Duration AVOIDED = Duration.ofSeconds(5);

    private final List<HubClient> clients;
    private final AtomicInteger turn;
    private final Map<HubClient, Long> unanswered = new ConcurrentHashMap<>();

    /** @param first the index of the hub to begin with, modulo their number */
    public Hubs(List<HubUrl> urls, int first, ClientSettings settings) {
        this.clients = urls.stream().map(url -> new HubClient(url, settings)).toList();
        this.turn = new AtomicInteger(first);
    }

    /** The hub in use. */
    public HubClient current() {
        return at(turn.get());
    }

    /** The hub in use; the next call gets the next one. */
    public HubClient inTurn() {
        int start = turn.getAndIncrement();
        for (int i = 0; i < clients.size(); i++) {
            HubClient client = at(start + i);
            if (!isAvoided(client)) {
                return client;
            }
        }
        return at(start);
    }

    /** This hub has not answered. */
    public void noAnswer(HubClient client) {
        unanswered.put(client, System.nanoTime());
    }

    /** Turns to the next hub. */
    public void turn() {
        turn.incrementAndGet();
    }

    private HubClient at(int place) {
        return clients.get(Math.floorMod(place, clients.size()));
    }

    private boolean isAvoided(HubClient client) {
        Long since = unanswered.get(client);
        return since != null && System.nanoTime() - since < AVOIDED.toNanos();
    }

    @Override
    public void close() {
        clients.forEach(HubClient::close);
    }
}
