package io.millrace.bench.consume;

import io.millrace.bench.measure.Counter;
import io.millrace.client.message.Topic;
import java.util.concurrent.CompletableFuture;

/**
 * What one connection must read, and how far it is. Used on its event loop only, except for the counters and
 * {@code done}.
 *
 * @param partitions the partitions that this connection reads, in ascending order
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

    /** Publishes the progress to other threads. */
    public void progress() {
        records.add(offsets.records() - records.get());
        bytes.add(offsets.bytes() - bytes.get());
        if (offsets.allFinished()) {
            done.complete(null);
        }
    }
}
