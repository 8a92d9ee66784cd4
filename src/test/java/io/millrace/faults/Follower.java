package io.millrace.faults;

import io.millrace.client.NoAnswerException;
import io.millrace.client.RecordCalls.Range;
import io.millrace.client.RefusedException;
import io.millrace.codec.ReadPage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Follows every partition of a topic from its start by long polling on one hub, across all failures of that hub. */
final class Follower implements AutoCloseable {

    private static final Duration WAIT = Duration.ofSeconds(2);

    private final HubCalls hub;
    private final String topic;
    private final List<List<Logged>> received = new ArrayList<>();
    private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    static Follower start(HubProcess hub, String topic, int partitions) {
        Follower follower = new Follower(new HubCalls(hub), topic);
        for (int i = 0; i < partitions; i++) {
            int partition = i;
            follower.received.add(new ArrayList<>());
            follower.threads.add(Thread.ofVirtual().start(() -> follower.follow(partition)));
        }
        return follower;
    }

    private Follower(HubCalls hub, String topic) {
        this.hub = hub;
        this.topic = topic;
    }

    /** The received records, partition by partition. */
    List<Logged> received() {
        List<Logged> all = new ArrayList<>();
        for (List<Logged> partition : received) {
            synchronized (partition) {
                all.addAll(partition);
            }
        }
        return all;
    }

    /** The number of answers other than 200, by kind. */
    Map<String, Integer> refusals() {
        return new TreeMap<>(refusals);
    }

    @Override
    public void close() throws InterruptedException {
        stopped.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void follow(int partition) {
        List<Logged> mine = received.get(partition);
        long next = 0;
        try {
            while (stopped.getCount() > 0) {
                next = poll(partition, next, mine);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private long poll(int partition, long next, List<Logged> mine) throws InterruptedException {
        String refusal;
        try {
            ReadPage page = hub.client()
                    .records()
                    .read(topic, partition, Range.from(next).patience(WAIT));
            synchronized (mine) {
                mine.addAll(HubCalls.records(page));
            }
            return page.nextOffset();
        } catch (RefusedException refused) {
            refusal = Attempt.said(refused);
        } catch (NoAnswerException noAnswer) {
            refusal = Attempt.said(noAnswer);
        }
        refusals.merge(refusal, 1, Integer::sum);
        stopped.await(50, TimeUnit.MILLISECONDS);
        return next;
    }
}
