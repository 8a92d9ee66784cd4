package io.millrace.bench.subscribe;

import io.millrace.bench.connection.EventLoops;
import io.millrace.bench.connection.WebSocketConnection;
import io.millrace.bench.hub.Topic;
import io.millrace.bench.measure.Latencies;
import io.millrace.bench.run.Run;
import io.millrace.bench.run.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/** All subscribers of a run, over all event loops. For the thread that runs the command. */
public final class Subscribers {

    private final List<SubscriberLoop> loops = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();

    /**
     * Opens the connections and subscribes; from then on nothing that is produced is missed.
     *
     * @param zero the nano time from which the send times in the records count
     */
    public Subscribers(Run run, EventLoops threads, String topic, int count, long zero) {
        for (int i = 0; i < threads.count(); i++) {
            loops.add(new SubscriberLoop(topic, zero));
        }
        threads.openAll(
                run,
                count,
                i -> {
                    Subscriber subscriber = new Subscriber(run, threads.hub(), topic, loops.get(i % loops.size()));
                    subscribers.add(subscriber);
                    return subscriber;
                },
                WebSocketConnection::codec);
    }

    public void start(Window window) {
        loops.forEach(loop -> loop.start(window));
    }

    /** How many records are to come in all, as the topic now stands. */
    public long expected(Topic topic) {
        long end = 0;
        for (long next : topic.ends()) {
            end += next;
        }
        long all = end;
        return subscribers.stream()
                .mapToLong(subscriber -> all - subscriber.start())
                .sum();
    }

    public long delivered() {
        return sum(SubscriberLoop::delivered);
    }

    public long duplicated() {
        return sum(SubscriberLoop::duplicated);
    }

    public long counted() {
        return sum(SubscriberLoop::counted);
    }

    public long frames() {
        return sum(SubscriberLoop::frames);
    }

    /** Adds the latencies since the last call. */
    public void sinceLast(Histogram sum) {
        loops.forEach(loop -> loop.latencies().sinceLast(sum));
    }

    /** Once nothing more comes. */
    public Histogram latencies() {
        Histogram sum = Latencies.empty();
        loops.forEach(loop -> sum.add(loop.latencies().measured()));
        return sum;
    }

    private long sum(ToLongFunction<SubscriberLoop> figure) {
        return loops.stream().mapToLong(figure).sum();
    }
}
