package io.millrace.replication;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.time.Ticker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Says when standbys have what this node's primary has committed. One thread calls {@link #round} in a loop; all else
 * may be called by any thread, and never blocks.
 *
 * <p>A wait takes no position in the WAL with it. The first look after its beginning reads how far the primary has
 * flushed, which is beyond everything that was committed before; when enough standbys have flushed as far, the wait is
 * over. So a commit costs no further statement, and any number of waits cost one.
 */
public final class Replication {

    /** Standbys confirm within a round trip and a flush; looking more often would only load PostgreSQL. */
    private static final Duration BETWEEN_LOOKS = Duration.ofNanos(500_000);

    /** A round with waits ends after this time, so that a loop that is told to stop does so soon. */
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(1);

    /** Without a confirmation for this long, standbys count as gone, as lanes do: new requests would wait in vain. */
    private static final Duration STALLED = Duration.ofSeconds(3);

    /** Looks are far more frequent: after this time what the last one saw says nothing any more. */
    private static final Duration FRESH = Duration.ofSeconds(3);

    private final ReplicaSource source;
    private final Duration timeout;
    private final Ticker ticker;
    private final Queue<Wait> asked = new ConcurrentLinkedQueue<>();

    /** Waits with a position, in the order in which they began; the thread's own. */
    private final ArrayDeque<Wait> waiting = new ArrayDeque<>();

    private final AtomicInteger waits = new AtomicInteger();

    private volatile @Nullable Replicas last;
    private volatile long lookedAt;

    /** Who led when the primary was last seen, however long ago. */
    private volatile @Nullable Leader leader;

    /** For each number of copies that is waited for, when the oldest such wait began. */
    private volatile Map<Integer, Long> oldest = Map.of();

    private volatile Runnable wake = () -> {};

    /** A wait that has been asked for; its target is known after the first look. */
    private static final class Wait {

        final int copies;
        final Leader leader;
        final long since;
        final boolean endless;
        final CompletableFuture<Void> done = new CompletableFuture<>();
        long target;

        Wait(int copies, Leader leader, long since, boolean endless) {
            this.copies = copies;
            this.leader = leader;
            this.since = since;
            this.endless = endless;
        }
    }

    Replication(ReplicaSource source, Duration timeout, Ticker ticker) {
        this.source = source;
        this.timeout = timeout;
        this.ticker = ticker;
    }

    /** @param loop asks for a round, when there is something to wait for */
    void wakeBy(Runnable loop) {
        this.wake = loop;
    }

    /** Who led when the primary was last seen; null before that. */
    public @Nullable Leader leader() {
        return leader;
    }

    /** How many waits are under way. */
    int waiting() {
        return waits.get();
    }

    /** What the last look saw; empty before the first one and while PostgreSQL cannot be reached. */
    public Optional<Replicas> replicas() {
        Replicas seen = last;
        return seen == null || ticker.nanos() - lookedAt > FRESH.toNanos() ? Optional.empty() : Optional.of(seen);
    }

    /**
     * Refuses early what would wait in vain.
     *
     * @param copies how many servers must have the records, the primary included; at least 2
     * @throws HubException {@link HubError#NOT_ENOUGH_REPLICAS}
     */
    public void require(int copies) {
        Replicas seen = replicas().orElseThrow(() -> refused("the primary's standbys are not known now"));
        if (!seen.visible()) {
            throw refused("the hub's database role may not see the standbys: grant pg_monitor to it");
        }
        if (!seen.suffice(copies)) {
            throw refused(seen.inSync() + " of " + Math.max(copies, seen.demanded() + 1)
                    + " servers are in sync, the primary included");
        }
        if (stalled(copies)) {
            throw refused("the standbys have confirmed nothing for " + STALLED.toSeconds() + " s");
        }
    }

    /** Whether somebody has waited in vain for as many servers, or fewer. */
    private boolean stalled(int copies) {
        long now = ticker.nanos();
        return oldest.entrySet().stream()
                .anyMatch(wait -> wait.getKey() <= copies && now - wait.getValue() > STALLED.toNanos());
    }

    /**
     * Waits until that many servers have flushed what was committed before this call.
     *
     * @param copies the primary included; at least 2
     * @param committer who committed it
     * @return fails with {@link HubError#OUTCOME_UNKNOWN} when the timeout has passed or another server is the primary
     *     now
     */
    public CompletableFuture<Void> flushed(int copies, Leader committer) {
        return begin(new Wait(copies, committer, ticker.nanos(), false));
    }

    /**
     * As {@link #flushed}, for as long as it takes: it never fails. It ends while this server is the primary, or not at
     * all. Who no longer waits cancels it.
     */
    public CompletableFuture<Void> eventuallyFlushed(int copies, Leader committer) {
        return begin(new Wait(copies, committer, ticker.nanos(), true));
    }

    private CompletableFuture<Void> begin(Wait wait) {
        waits.incrementAndGet();
        wait.done.whenComplete((_, _) -> waits.decrementAndGet());
        asked.add(wait);
        wake.run();
        return wait.done;
    }

    /** Looks once; while there are waits, again and again. */
    void round() throws SQLException, InterruptedException {
        long end = ticker.nanos() + LONGEST_ROUND.toNanos();
        do {
            lookOnce();
            if (waiting.isEmpty() && asked.isEmpty()) {
                return;
            }
            ticker.sleep(BETWEEN_LOOKS);
        } while (ticker.nanos() < end);
        wake.run();
    }

    /** One look, and what follows from it. */
    void lookOnce() throws SQLException {
        try {
            look();
        } finally {
            expire();
        }
    }

    private void look() throws SQLException {
        List<Wait> begun = new ArrayList<>();
        for (Wait wait = asked.poll(); wait != null; wait = asked.poll()) {
            begun.add(wait);
        }
        Replicas seen;
        try {
            seen = source.look();
        } catch (SQLException failure) {
            last = null;
            asked.addAll(begun);
            throw failure;
        }
        last = seen;
        lookedAt = ticker.nanos();
        Leader former = leader;
        leader = seen.leader();
        if (former != null && !former.equals(seen.leader())) {
            // Positions in its WAL say nothing about the new one's: waits for the new one begin again.
            waiting.forEach(wait -> wait.target = seen.flushed());
        }
        for (Wait wait : begun) {
            wait.target = seen.flushed();
            waiting.add(wait);
        }
        settle(seen);
    }

    private void settle(Replicas seen) {
        Iterator<Wait> each = waiting.iterator();
        while (each.hasNext()) {
            Wait wait = each.next();
            if (wait.done.isDone()) {
                each.remove();
                continue;
            }
            if (!wait.leader.equals(seen.leader())) {
                if (wait.endless) {
                    continue;
                }
                each.remove();
                wait.done.completeExceptionally(unknown("another server has become the primary"));
                continue;
            }
            OptionalLong flushed = seen.flushedBy(wait.copies);
            if (flushed.isPresent() && flushed.getAsLong() >= wait.target) {
                each.remove();
                wait.done.complete(null);
            }
        }
    }

    private void expire() {
        long now = ticker.nanos();
        expire(waiting.iterator(), now);
        expire(asked.iterator(), now);
        noteOldest();
    }

    private void expire(Iterator<Wait> each, long now) {
        while (each.hasNext()) {
            Wait wait = each.next();
            if (!wait.endless && now - wait.since > timeout.toNanos()) {
                each.remove();
                wait.done.completeExceptionally(
                        unknown("no " + (wait.copies - 1) + " standbys confirmed the records within " + timeout));
            }
        }
    }

    private void noteOldest() {
        if (waiting.isEmpty()) {
            oldest = Map.of();
            return;
        }
        Map<Integer, Long> since = new HashMap<>();
        waiting.forEach(wait -> since.putIfAbsent(wait.copies, wait.since));
        oldest = since;
    }

    void close() {
        source.close();
    }

    private static HubException refused(String detail) {
        return new HubException(HubError.NOT_ENOUGH_REPLICAS, detail + "; nothing was stored");
    }

    private static HubException unknown(String detail) {
        return new HubException(
                HubError.OUTCOME_UNKNOWN, detail + "; the records are stored on the primary, and may be lost with it");
    }
}
