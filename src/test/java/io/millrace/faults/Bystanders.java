package io.millrace.faults;

import io.millrace.client.ClientSettings;
import io.millrace.client.HubClient;
import io.millrace.client.HubUrl;
import io.millrace.client.NoAnswerException;
import io.millrace.client.RecordCalls.Range;
import io.millrace.client.RefusedException;
import io.millrace.client.message.NewRecords;
import io.millrace.event.Acks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A producer of small records and a reader of all of them, which other clients should not affect. */
final class Bystanders {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HubClient hub;
    private final String topic;

    /** @param topic has one partition, and no other users */
    Bystanders(int port, String topic) {
        this.hub = new HubClient(new HubUrl("127.0.0.1", port, ""), ClientSettings.DEFAULTS.answer(PATIENCE));
        this.topic = topic;
    }

    /**
     * How they were affected.
     *
     * @param troubles missing answers, refusals, and lost records
     */
    record Notice(int records, double p50Millis, double p99Millis, List<String> troubles) {}

    void createTopic() throws Exception {
        hub.topics().describeOrCreate(topic, 1);
    }

    /** Produces and reads while {@code running} is true. */
    Notice run(BooleanSupplier running) throws Exception {
        List<String> troubles = Collections.synchronizedList(new ArrayList<>());
        long begin = end();
        List<Double> millis = new ArrayList<>();
        while (running.getAsBoolean()) {
            long began = System.nanoTime();
            try {
                hub.records()
                        .produce(topic, List.of(NewRecords.json(null, Integer.toString(millis.size()))), Acks.LEADER);
            } catch (NoAnswerException | RefusedException failure) {
                troubles.add("produce: " + failure);
            }
            millis.add((System.nanoTime() - began) / 1e6);
            if (millis.size() % 20 == 0) {
                read(begin, troubles);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
        read(begin, troubles);
        if (end() - begin < millis.size() - troubles.size()) {
            troubles.add("records are missing");
        }
        Collections.sort(millis);
        return new Notice(millis.size(), at(millis, 0.5), at(millis, 0.99), List.copyOf(troubles));
    }

    private void read(long from, List<String> troubles) throws InterruptedException {
        try {
            hub.records().read(topic, 0, Range.from(from).limit(1000));
        } catch (NoAnswerException | RefusedException failure) {
            troubles.add("read: " + failure);
        }
    }

    private long end() throws Exception {
        return hub.records().read(topic, 0, Range.from(0).limit(1)).highWatermark();
    }

    private static double at(List<Double> sorted, double part) {
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) (part * (sorted.size() - 1)));
    }
}
