package io.millrace.append;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.eventlog.AppendFailedException;
import io.millrace.eventlog.AppendLog;
import io.millrace.eventlog.CommitListener;
import io.millrace.eventlog.RecordBatch;
import io.millrace.eventlog.Slice;
import io.millrace.eventlog.Verdict;
import io.millrace.time.Ticker;
import io.millrace.topic.Topic;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A queue, a thread and a connection. Any thread may {@link #enqueue}; one thread calls {@link #round} in a loop.
 *
 * <p>While PostgreSQL cannot be reached, queued and new requests are refused at once: none waits for a recovery that
 * may take long.
 */
final class Lane {

    private static final Logger log = LoggerFactory.getLogger(Lane.class);

    /** How long a round waits for a request: short, so that a lane that is told to stop does so soon. */
    private static final long POLL_NANOS = 200_000_000L;

    private static final int IDLE_ROUNDS_BETWEEN_CHECKS = 5;

    /** Far above the longest commit of a healthy PostgreSQL, far below clients' timeouts. */
    private static final long STALLED_NANOS = 3_000_000_000L;

    private static final String UNREACHABLE = "PostgreSQL cannot be reached";

    private final String name;
    private final AppendLog storage;
    private final List<CommitListener> listeners;
    private final AppendProperties properties;
    private final AppendMetrics metrics;
    private final Clock clock;
    private final Ticker ticker;
    private final Consumer<Topic> deleted;
    private final ReplicaWait replicas;
    private final LinkedBlockingQueue<AppendRequest> queue = new LinkedBlockingQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private volatile boolean connected;

    /** When the thread last began a round or a commit, by the ticker. */
    private volatile long lastProgress;

    /** Why the last commit failed; null again once a new connection has found room on the disk. */
    private volatile @Nullable String failure;

    /** What clients are told while the lane is not connected. */
    private volatile String reason = UNREACHABLE;

    private AppendLog.@Nullable Writer writer;
    private int idleRounds;

    /**
     * @param deleted called with topics that turn out to have been deleted; must not block
     * @param replicas waits for standbys, for requests that ask for more copies than the primary's
     */
    Lane(
            String name,
            AppendLog storage,
            List<CommitListener> listeners,
            AppendProperties properties,
            AppendMetrics metrics,
            Clock clock,
            Ticker ticker,
            Consumer<Topic> deleted,
            ReplicaWait replicas) {
        this.name = name;
        this.storage = storage;
        this.listeners = listeners;
        this.properties = properties;
        this.metrics = metrics;
        this.clock = clock;
        this.ticker = ticker;
        this.deleted = deleted;
        this.replicas = replicas;
        metrics.watchQueue(name, queuedBytes);
    }

    String name() {
        return name;
    }

    /**
     * Queues a request or refuses it at once.
     *
     * @throws HubException {@link HubError#OVERLOADED} or {@link HubError#STORAGE_UNAVAILABLE}
     */
    void enqueue(AppendRequest request) {
        if (!connected) {
            throw unavailable();
        }
        if (stalled()) {
            // A new request would only wait for the same commit.
            metrics.refused();
            throw new HubException(
                    HubError.STORAGE_UNAVAILABLE, "nothing has been stored for seconds, so nothing more is queued");
        }
        if (queuedBytes.addAndGet(request.bytes()) > properties.queueBytes()) {
            queuedBytes.addAndGet(-request.bytes());
            metrics.refused();
            throw new HubException(HubError.OVERLOADED, "the append queue is full");
        }
        queue.add(request);
        if (!connected) {
            // The lane has disconnected since the check above: no round may come to take the request.
            refuseQueued();
        }
    }

    /** Whether the thread has made no progress for too long: PostgreSQL does not answer, or the thread has ended. */
    private boolean stalled() {
        return ticker.nanos() - lastProgress > STALLED_NANOS;
    }

    /** Why the lane cannot store records, as a text for operators; null if it can. */
    @Nullable
    String obstacle() {
        if (!connected) {
            String last = failure;
            return last == null ? UNREACHABLE : last;
        }
        return stalled() ? "nothing has been stored for seconds" : null;
    }

    /** Waits a little for a request and commits it together with the requests queued after it. */
    void round() throws SQLException, InterruptedException {
        AppendLog.Writer current = connect();
        lastProgress = ticker.nanos();
        AppendRequest first = ticker.poll(queue, POLL_NANOS);
        if (first != null) {
            commit(current, gather(first));
            idleRounds = 0;
        } else if (++idleRounds % IDLE_ROUNDS_BETWEEN_CHECKS == 0 && !current.alive()) {
            // A broken connection found now costs a reconnect; found by the next request, it would cost that one an
            // unknown outcome.
            disconnect();
        }
    }

    /** Ends the lane: requests that are still queued are refused. */
    void close() {
        disconnect();
    }

    private AppendLog.Writer connect() throws SQLException {
        AppendLog.Writer current = writer;
        if (current == null) {
            try {
                current = storage.open(name);
            } catch (SQLException failure) {
                reason = UNREACHABLE;
                refuseQueued();
                throw failure;
            }
            writer = current;
            becomeReady(current);
        }
        return current;
    }

    /** After a failed commit, first checks for room: PostgreSQL accepts connections even when its disk is full. */
    private void becomeReady(AppendLog.Writer current) throws SQLException {
        if (failure != null) {
            try {
                current.tryRoom();
            } catch (SQLException stillFull) {
                disconnect();
                throw stillFull;
            }
            failure = null;
            reason = UNREACHABLE;
        }
        lastProgress = ticker.nanos();
        connected = true;
    }

    private void disconnect() {
        connected = false;
        if (writer != null) {
            writer.close();
            writer = null;
        }
        refuseQueued();
    }

    private void refuseQueued() {
        for (AppendRequest request = queue.poll(); request != null; request = queue.poll()) {
            queuedBytes.addAndGet(-request.bytes());
            request.refuse(unavailable());
        }
    }

    private Commit gather(AppendRequest first) {
        Commit commit = new Commit(clock.millis());
        long most = properties.maxCommit().toBytes();
        commit.add(first);
        while (commit.bytes() < most) {
            AppendRequest next = queue.poll();
            if (next == null) {
                break;
            }
            commit.add(next);
        }
        queuedBytes.addAndGet(-commit.bytes());
        return commit;
    }

    private void commit(AppendLog.Writer current, Commit commit) {
        long start = ticker.nanos();
        List<Slice> slices = commit.slices();
        List<Verdict> verdicts;
        try {
            lastProgress = start;
            verdicts = current.append(slices);
        } catch (AppendFailedException failure) {
            log.warn(
                    "{}: a commit of {} records failed, {}",
                    name,
                    commit.records(),
                    failure.outcomeUnknown() ? "outcome unknown" : "nothing stored",
                    failure.getCause());
            this.failure = "the last commit failed: " + failure.getCause();
            reason = failure.reason();
            commit.refuse(failure.outcomeUnknown() ? outcomeUnknown() : unavailable());
            disconnect();
            return;
        } catch (RuntimeException | Error failure) {
            commit.refuse(outcomeUnknown());
            disconnect();
            throw failure;
        }
        long payload =
                slices.stream().mapToLong(slice -> slice.columns().byteSize()).sum();
        metrics.committed(commit.records(), payload, ticker.nanos() - start);
        // Readers first: they continue on other threads, while this thread writes the answers.
        List<RecordBatch> stored = commit.settle(slices, verdicts);
        try {
            listeners.forEach(listener -> listener.appended(stored));
        } finally {
            // The records are stored, whether or not a listener fails.
            commit.answer(deleted, copies -> replicas.flushed(copies, current.leader()));
        }
    }

    private HubException unavailable() {
        return new HubException(HubError.STORAGE_UNAVAILABLE, reason + "; nothing was stored");
    }

    private static HubException outcomeUnknown() {
        return new HubException(
                HubError.OUTCOME_UNKNOWN,
                "PostgreSQL went away during the commit; the records may or may not be stored");
    }
}
