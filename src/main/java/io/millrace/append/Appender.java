package io.millrace.append;

import io.millrace.background.BackgroundLoop;
import io.millrace.background.LoopOwner;
import io.millrace.background.Pace;
import io.millrace.event.Appended;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.eventlog.AppendLog;
import io.millrace.eventlog.CommitListener;
import io.millrace.replication.Replication;
import io.millrace.time.Ticker;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicCatalogue;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Stores records. Never blocks; safe for any thread. */
@Component
public class Appender implements SmartLifecycle, LoopOwner {

    private final Partitioner partitioner;
    private final Replication replication;
    private final List<Lane> lanes = new ArrayList<>();
    private final List<BackgroundLoop> loops = new ArrayList<>();

    Appender(
            AppendLog storage,
            List<CommitListener> listeners,
            AppendProperties properties,
            AppendMetrics metrics,
            TopicCatalogue catalogue,
            Replication replication,
            Clock clock,
            Ticker ticker,
            RandomGenerator random) {
        this.partitioner = new Partitioner(random);
        this.replication = replication;
        Pace pace = new Pace(Duration.ZERO, properties.longestReconnect());
        for (int i = 0; i < properties.lanes(); i++) {
            String name = "lane-" + i;
            Lane lane = new Lane(
                    name,
                    storage,
                    listeners,
                    properties,
                    metrics,
                    clock,
                    ticker,
                    topic -> catalogue.invalidate(topic.name()),
                    replication::flushed);
            lanes.add(lane);
            loops.add(new BackgroundLoop(name, pace, ticker, lane::round));
        }
    }

    /**
     * Stores the records of one request: all of them or, whatever the failure, none. If one thread makes two requests
     * for a topic, the first gets the lower offsets in each partition.
     *
     * @param records at least one
     * @param copies how many servers must have flushed the records to their disks before the answer, the primary
     *     included
     * @return completes once they have. Fails with a {@link HubException}: {@link HubError#UNKNOWN_TOPIC} if the topic
     *     was deleted meanwhile (the catalogue then forgets it), {@link HubError#STORAGE_UNAVAILABLE} if nothing was
     *     stored, {@link HubError#OUTCOME_UNKNOWN} if the records may or may not be stored, or are on the primary alone
     * @throws HubException if the request is refused before it is queued: {@link HubError#UNKNOWN_PARTITION},
     *     {@link HubError#OVERLOADED}, {@link HubError#STORAGE_UNAVAILABLE}, {@link HubError#NOT_ENOUGH_REPLICAS}
     */
    public CompletableFuture<Appended> append(Topic topic, List<NewRecord> records, int copies) {
        if (copies > 1) {
            replication.require(copies);
        }
        AppendRequest request = new AppendRequest(topic, records, partitioner.partitions(topic, records), copies);
        lanes.get(Math.floorMod(topic.id(), lanes.size())).enqueue(request);
        return request.answer();
    }

    /** As {@link #append(Topic, List, int)}, with the primary's copy alone. */
    public CompletableFuture<Appended> append(Topic topic, List<NewRecord> records) {
        return append(topic, records, 1);
    }

    /** Whether every lane can store records. */
    public boolean ready() {
        return lanes.stream().allMatch(lane -> lane.obstacle() == null);
    }

    /** The reasons why lanes cannot store records, by lane name. */
    Map<String, String> obstacles() {
        Map<String, String> obstacles = new TreeMap<>();
        for (Lane lane : lanes) {
            String obstacle = lane.obstacle();
            if (obstacle != null) {
                obstacles.put(lane.name(), obstacle);
            }
        }
        return obstacles;
    }

    @Override
    public List<BackgroundLoop> loops() {
        return loops;
    }

    @Override
    public void start() {
        loops.forEach(BackgroundLoop::start);
    }

    @Override
    public void stop() {
        loops.forEach(BackgroundLoop::stop);
        lanes.forEach(Lane::close);
    }

    @Override
    public boolean isRunning() {
        return loops.stream().anyMatch(BackgroundLoop::isRunning);
    }

    /** Below the web server's phases: the lanes start before it and stop after it. */
    @Override
    public int getPhase() {
        return 0;
    }
}
