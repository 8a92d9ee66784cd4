package io.millrace.append;

import io.millrace.event.Appended;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.eventlog.DeferredAnswers;
import io.millrace.eventlog.RecordBatch;
import io.millrace.eventlog.Slice;
import io.millrace.eventlog.Verdict;
import io.millrace.topic.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The requests of one transaction, gathered into one slice for each partition. Used by one thread. */
final class Commit {

    /**
     * @param builders each record's slice
     * @param positions each record's position in its slice
     */
    private record Gathered(AppendRequest request, SliceBuilder[] builders, int[] positions) {}

    private final long now;
    private final List<Gathered> requests = new ArrayList<>();
    private final Map<Integer, @Nullable SliceBuilder[]> byTopic = new HashMap<>();
    private final List<SliceBuilder> builders = new ArrayList<>();
    private long bytes;
    private int records;

    /** @param now milliseconds since the epoch: the timestamp of records that came without one */
    Commit(long now) {
        this.now = now;
    }

    /** Adds a request after those added before. */
    void add(AppendRequest request) {
        @Nullable SliceBuilder[] partitions = buildersOf(request.topic());
        int[] positions = new int[request.partitions().length];
        SliceBuilder[] into = new SliceBuilder[positions.length];
        List<NewRecord> added = request.records();
        for (int i = 0; i < positions.length; i++) {
            int partition = request.partitions()[i];
            SliceBuilder builder = partitions[partition];
            if (builder == null) {
                builder = new SliceBuilder(request.topic().partitionId(partition));
                partitions[partition] = builder;
                builders.add(builder);
            }
            into[i] = builder;
            positions[i] = builder.add(added.get(i), now);
        }
        requests.add(new Gathered(request, into, positions));
        bytes += request.bytes();
        records += positions.length;
    }

    long bytes() {
        return bytes;
    }

    int records() {
        return records;
    }

    /** One slice for each partition, in ascending order of partition id. */
    List<Slice> slices() {
        builders.sort(Comparator.comparingInt(SliceBuilder::partitionId));
        return builders.stream().map(SliceBuilder::build).toList();
    }

    /**
     * Takes the verdicts on the slices and returns the batches that are in the log now.
     *
     * @param verdicts in the order of the slices
     */
    List<RecordBatch> settle(List<Slice> slices, List<Verdict> verdicts) {
        List<RecordBatch> stored = new ArrayList<>(slices.size());
        for (int i = 0; i < slices.size(); i++) {
            SliceBuilder builder = builders.get(i);
            builder.settle(verdicts.get(i));
            if (!builder.gone()) {
                stored.add(slices.get(i).at(builder.offset(0)));
            }
        }
        return stored;
    }

    /**
     * Answers every request after {@link #settle}, at once or when enough servers have its records; requests whose
     * topic is gone are refused. A topic's partitions are deleted together, so one that is gone stands for all.
     *
     * @param deleted called with each topic that is gone, before its requests are answered
     * @param replicas begins a wait for a number of servers to have what was committed until now
     */
    void answer(Consumer<Topic> deleted, IntFunction<CompletableFuture<Void>> replicas) {
        Map<Integer, CompletableFuture<Void>> waits = new HashMap<>();
        IntFunction<CompletableFuture<Void>> shared = copies -> waits.computeIfAbsent(copies, replicas::apply);
        for (Gathered gathered : requests) {
            answer(gathered, deleted, shared);
        }
    }

    private static void answer(
            Gathered gathered, Consumer<Topic> deleted, IntFunction<CompletableFuture<Void>> replicas) {
        AppendRequest request = gathered.request();
        long[] offsets = new long[gathered.positions().length];
        for (int i = 0; i < offsets.length; i++) {
            SliceBuilder into = gathered.builders()[i];
            if (into.gone()) {
                deleted.accept(request.topic());
                request.refuse(new HubException(
                        HubError.UNKNOWN_TOPIC, "topic " + request.topic().name() + " has been deleted"));
                return;
            }
            offsets[i] = into.offset(gathered.positions()[i]);
        }
        Appended appended = new Appended(request.partitions(), offsets);
        if (request.copies() == 1) {
            request.answer().complete(appended);
        } else {
            DeferredAnswers.complete(request.answer(), appended, replicas.apply(request.copies()));
        }
    }

    void refuse(HubException reason) {
        requests.forEach(gathered -> gathered.request().refuse(reason));
    }

    private @Nullable SliceBuilder[] buildersOf(Topic topic) {
        @Nullable
        SliceBuilder[] partitions = byTopic.computeIfAbsent(topic.id(), _ -> new SliceBuilder[topic.partitionCount()]);
        if (partitions.length < topic.partitionCount()) {
            partitions = Arrays.copyOf(partitions, topic.partitionCount());
            byTopic.put(topic.id(), partitions);
        }
        return partitions;
    }
}
