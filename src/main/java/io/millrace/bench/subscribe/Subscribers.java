package io.millrace.bench.subscribe;

import io.millrace.bench.connection.EventLoops;
import io.millrace.bench.format.Subprotocol;
import io.millrace.bench.measure.PerLoop;
import io.millrace.bench.run.Run;
import io.millrace.bench.run.Window;
import io.millrace.client.message.Topic;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** All subscribers of a run, over all event loops. For the thread that runs the command. */
public final class Subscribers {

    private final PerLoop<SubscriberLoop> loops;
    private final List<Subscriber> subscribers = new ArrayList<>();

    /**
     * Opens the connections and subscribes; every record produced after that is counted.
     *
     * @param zero the nano time that the send times in the records count from
     */
    public Subscribers(Run run, EventLoops threads, Subprotocol subprotocol, String topic, int count, long zero) {
        List<SubscriberLoop> all = new ArrayList<>();
        for (int i = 0; i < threads.count(); i++) {
            all.add(new SubscriberLoop(subprotocol, topic, zero));
        }
        loops = new PerLoop<>(all);
        threads.openAll(run, count, i -> {
            Subscriber subscriber = new Subscriber(run, threads.hub(), topic, all.get(i % all.size()));
            subscribers.add(subscriber);
            return subscriber;
        });
    }

    public void start(Window window) {
        loops.loops().forEach(loop -> loop.start(window));
    }

    /** How many deliveries are expected in all, given the topic's current ends. */
    public long expected(Topic topic) {
        long end = 0;
        for (Topic.Partition partition : topic.partitions()) {
            end += partition.nextOffset();
        }
        long all = end;
        return subscribers.stream()
                .mapToLong(subscriber -> all - subscriber.start())
                .sum();
    }

    public long delivered() {
        return loops.sum(SubscriberLoop::delivered);
    }

    public long duplicated() {
        return loops.sum(SubscriberLoop::duplicated);
    }

    public long counted() {
        return loops.sum(SubscriberLoop::counted);
    }

    public long frames() {
        return loops.sum(SubscriberLoop::frames);
    }

    /** Adds the latencies since the last call. */
    public void sinceLast(Histogram sum) {
        loops.sinceLast(sum);
    }

    /** To be called once the run is over. */
    public Histogram latencies() {
        return loops.measured();
    }
}
