package io.millrace.stream;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.time.Deadline;
import io.millrace.time.Ticker;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** All clients connected to this node. When it shuts down, they are told before the web server stops. */
@Component
public final class LiveStreams implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LiveStreams.class);

    private final Set<LiveStream> streams = ConcurrentHashMap.newKeySet();
    private final StreamProperties properties;
    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean running;
    private volatile boolean draining;

    LiveStreams(StreamProperties properties, StreamMetrics metrics, Ticker ticker) {
        this.properties = properties;
        this.ticker = ticker;
        metrics.watchLag(this::maxLag);
    }

    /** @throws HubException {@link HubError#DRAINING} if the node is shutting down */
    public void checkOpen() {
        if (draining) {
            throw new HubException(HubError.DRAINING, "this node is shutting down; connect again");
        }
    }

    /** Adds a client; one that connects while the node is shutting down is told so at once. */
    public void add(LiveStream stream) {
        streams.add(stream);
        if (draining) {
            stream.drain();
        }
    }

    public void remove(LiveStream stream) {
        if (streams.remove(stream) && draining) {
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** One round of the ticker. */
    void tick() {
        long now = ticker.nanos();
        for (LiveStream stream : streams) {
            try {
                stream.tick(now);
            } catch (RuntimeException failure) {
                log.warn("the periodic check of a stream failed", failure);
            }
        }
    }

    private long maxLag() {
        return streams.stream().mapToLong(LiveStream::lag).max().orElse(0);
    }

    @Override
    public void start() {
        draining = false;
        running = true;
    }

    @Override
    public void stop() {
        draining = true;
        streams.forEach(LiveStream::drain);
        try {
            if (!awaitEmpty()) {
                log.warn("{} clients were still connected when the drain timeout ended", streams.size());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        running = false;
    }

    private boolean awaitEmpty() throws InterruptedException {
        Deadline deadline = ticker.in(properties.drainTimeout());
        lock.lock();
        try {
            while (!streams.isEmpty() && !deadline.isOver()) {
                deadline.await(changed);
            }
            return streams.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Above the web server's: stopped before it. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
