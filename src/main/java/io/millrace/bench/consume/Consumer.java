package io.millrace.bench.consume;

import io.millrace.bench.measure.Counter;
import io.millrace.client.message.Topic;
import java.util.concurrent.CompletableFuture;

/**
 * What one connection has to read, and how far it has come. Used on its event loop, but for what is said to be for any
 * thread.
 *
 * @param partitions those of the topic that are its own, in ascending order
 */
public record Consumer(
        Topic topic,
        int[] partitions,
        String from,
        Offsets offsets,
        Counter records,
        Counter bytes,
        CompletableFuture<Void> done) {

    public Consumer(Topic topic, int[] partitions, String from, Offsets offsets) {
        this(topic, partitions, from, offsets, new Counter(), new Counter(), new CompletableFuture<>());
    }

    boolean readsAll() {
        return partitions.length == topic.partitions().size();
    }

    /** Publishes what has been taken. */
    public void progress() {
        records.add(offsets.records() - records.get());
        bytes.add(offsets.bytes() - bytes.get());
        if (offsets.allFinished()) {
            done.complete(null);
        }
    }
}
