package io.millrace.verify.load;

import io.millrace.client.ClientSettings;
import io.millrace.client.HubClient;
import io.millrace.client.HubUrl;
import io.millrace.client.NoAnswerException;
import io.millrace.client.RefusedException;
import io.millrace.client.message.ProduceResult;
import io.millrace.event.Acks;
import io.millrace.verify.history.Attempt;
import io.millrace.verify.history.History;
import io.millrace.verify.history.Mark;
import io.millrace.verify.history.Outcome;
import io.millrace.verify.history.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Threads that send requests, each with its own load and its own sequence, until they are closed. No mark is sent
 * twice: after a failure a producer sends its next request to the next hub.
 */
public final class Producers implements AutoCloseable {

    private static final Duration REST_AFTER_FAILURE = Duration.ofMillis(20);
    private static final Duration CONNECT = Duration.ofSeconds(2);

    /**
     * What all producers have in common.
     *
     * @param patience how long a producer waits for an answer
     * @param mostRecords the producers end when this many records were sent
     */
    public record Plan(String topic, Acks acks, Duration patience, Pace pace, long mostRecords) {}

    private final History history = new History();
    private final Collection<Attempt> attempts = new ConcurrentLinkedQueue<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final List<Hubs> hubs = new ArrayList<>();
    private final Plan plan;

    /** @param loads one for each producer */
    public static Producers start(List<? extends Load> loads, Plan plan, List<HubUrl> urls) {
        Producers producers = new Producers(plan);
        for (int i = 0; i < loads.size(); i++) {
            String name = "p" + i;
            Load load = loads.get(i);
            Hubs own = new Hubs(urls, i, new ClientSettings(CONNECT, plan.patience(), Map.of()));
            producers.hubs.add(own);
            producers.threads.add(
                    Thread.ofVirtual().name("producer-" + i).start(() -> producers.produce(name, load, own)));
        }
        return producers;
    }

    private Producers(Plan plan) {
        this.plan = plan;
    }

    public History history() {
        return history;
    }

    /** The results of all requests so far, in the order of their ends. */
    public List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    /** Whether all of them have ended, because they have sent all their records. */
    public boolean haveEnded() {
        return threads.stream().noneMatch(Thread::isAlive);
    }

    /** Waits for the ends of the loads and for all answers. */
    @Override
    public void close() throws InterruptedException {
        stopped.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        hubs.forEach(Hubs::close);
    }

    private void produce(String producer, Load load, Hubs own) {
        long sequence = 0;
        try {
            List<Load.Draft> drafts = load.next(stopping());
            for (int i = 0; !drafts.isEmpty(); i++) {
                long began = System.nanoTime();
                if (send(own.current(), producer + "-" + i, producer, sequence, drafts)) {
                    Duration took = Duration.ofNanos(System.nanoTime() - began);
                    pause(plan.pace().after(drafts.size(), took));
                } else {
                    load.refused(drafts);
                    own.turn();
                    pause(REST_AFTER_FAILURE);
                }
                sequence += drafts.size();
                drafts = load.next(stopping());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void pause(Duration pause) throws InterruptedException {
        stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    private boolean stopping() {
        return stopped.getCount() == 0 || history.records() >= plan.mostRecords();
    }

    private boolean send(HubClient hub, String request, String producer, long sequence, List<Load.Draft> drafts)
            throws InterruptedException {
        List<Mark> records = new ArrayList<>();
        StringJoiner body = new StringJoiner(",", "{\"records\":[", "]}");
        for (Load.Draft draft : drafts) {
            Mark mark = new Mark(request, records.size(), producer, draft.key(), sequence + records.size());
            records.add(mark);
            body.add("{\"key\":\"" + mark.key() + "\",\"value\":" + mark.json(draft.fields()) + "}");
        }
        history.sending(request, records);
        long began = System.nanoTime();
        try {
            ProduceResult stored =
                    hub.records().produce(plan.topic(), body.toString().getBytes(StandardCharsets.UTF_8), plan.acks());
            attempts.add(new Attempt(began, System.nanoTime(), Attempt.OK, false));
            // With acks=0 the answer says nothing about the log.
            history.ended(
                    request, plan.acks() == Acks.NONE ? new Outcome.Unknown() : new Outcome.Stored(positions(stored)));
            return true;
        } catch (RefusedException refusal) {
            boolean retryAfter = refusal.retryAfterSeconds().isPresent();
            attempts.add(new Attempt(began, System.nanoTime(), Attempt.said(refusal), retryAfter));
            history.ended(request, Outcome.of(refusal));
        } catch (NoAnswerException unanswered) {
            attempts.add(new Attempt(began, System.nanoTime(), Attempt.said(unanswered), false));
            history.ended(request, Outcome.of(unanswered));
        }
        return false;
    }

    private static List<Position> positions(ProduceResult stored) {
        return stored.results().stream()
                .map(result -> new Position(result.partition(), result.offset()))
                .toList();
    }
}
