package io.millrace.verify.load;

import io.millrace.client.ClientSettings;
import io.millrace.client.HubUrl;
import io.millrace.client.NoAnswerException;
import io.millrace.client.RecordCalls.Range;
import io.millrace.client.RefusedException;
import io.millrace.codec.ReadPage;
import io.millrace.verify.history.Attempt;
import io.millrace.verify.history.History;
import io.millrace.verify.history.Logged;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Follows every partition of a topic from its start by long polling on one hub, across all failures of that hub. */
public final class Follower implements AutoCloseable {

    private static final Duration WAIT = Duration.ofSeconds(2);
    private static final Duration REST_AFTER_FAILURE = Duration.ofMillis(50);
    private static final Duration CONNECT = Duration.ofSeconds(2);

    private final HubUrl url;
    private final Hubs hub;
    private final String topic;
    private final History sent;
    private final List<List<Logged>> received = new ArrayList<>();
    private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    /**
     * @param sent the requests whose records it reads
     * @param patience how long it waits for an answer, besides the time that it asks the hub to wait for records
     */
    public static Follower start(HubUrl url, String topic, int partitions, History sent, Duration patience) {
        Follower follower = new Follower(url, topic, sent, patience);
        for (int i = 0; i < partitions; i++) {
            int partition = i;
            follower.received.add(new ArrayList<>());
            follower.threads.add(Thread.ofVirtual().name("follower-" + i).start(() -> follower.follow(partition)));
        }
        return follower;
    }

    private Follower(HubUrl url, String topic, History sent, Duration patience) {
        this.url = url;
        this.hub = new Hubs(List.of(url), 0, new ClientSettings(CONNECT, patience, Map.of()));
        this.topic = topic;
        this.sent = sent;
    }

    public HubUrl url() {
        return url;
    }

    /** The received records, partition by partition. */
    public List<Logged> received() {
        List<Logged> all = new ArrayList<>();
        for (List<Logged> partition : received) {
            synchronized (partition) {
                all.addAll(partition);
            }
        }
        return all;
    }

    /** The offset after the last received record. */
    public long nextOffset(int partition) {
        List<Logged> mine = received.get(partition);
        synchronized (mine) {
            return mine.isEmpty() ? 0 : mine.getLast().at().offset() + 1;
        }
    }

    /** The number of answers other than 200, by kind. */
    public Map<String, Integer> refusals() {
        return new TreeMap<>(refusals);
    }

    @Override
    public void close() throws InterruptedException {
        stopped.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        hub.close();
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
            ReadPage page = hub.current()
                    .records()
                    .read(topic, partition, Range.from(next).patience(WAIT));
            synchronized (mine) {
                mine.addAll(Logged.of(page, sent));
            }
            return page.nextOffset();
        } catch (RefusedException refused) {
            refusal = Attempt.said(refused);
        } catch (NoAnswerException noAnswer) {
            refusal = Attempt.said(noAnswer);
        }
        refusals.merge(refusal, 1, Integer::sum);
        stopped.await(REST_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
        return next;
    }
}
