package io.millrace.append;

import io.millrace.event.Appended;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.eventlog.LogWriter;
import io.millrace.eventlog.NewBatch;
import io.millrace.eventlog.RecordBatch;
import io.millrace.topic.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The requests of one transaction, gathered into one batch for each partition. Used by one thread. */
final class Commit {

    /** @param positions each record's position in its partition's batch */
    private record Gathered(AppendRequest request, int[] positions) {}

    private final long now;
    private final List<Gathered> requests = new ArrayList<>();
    private final Map<Integer, @Nullable BatchBuilder[]> byTopic = new HashMap<>();
    private final List<BatchBuilder> builders = new ArrayList<>();
    private long bytes;
    private int records;

    /** @param now milliseconds since the epoch: the timestamp of records that came without one */
    Commit(long now) {
        this.now = now;
    }

    /** Adds a request behind those that are here already. */
    void add(AppendRequest request) {
        @Nullable BatchBuilder[] partitions = buildersOf(request.topic());
        int[] positions = new int[request.partitions().length];
        List<NewRecord> added = request.records();
        for (int i = 0; i < positions.length; i++) {
            int partition = request.partitions()[i];
            BatchBuilder builder = partitions[partition];
            if (builder == null) {
                builder = new BatchBuilder(request.topic().partitionId(partition));
                partitions[partition] = builder;
                builders.add(builder);
            }
            positions[i] = builder.add(added.get(i), now);
        }
        requests.add(new Gathered(request, positions));
        bytes += request.bytes();
        records += positions.length;
    }

    long bytes() {
        return bytes;
    }

    int records() {
        return records;
    }

    int requests() {
        return requests.size();
    }

    /** One batch for each partition, in ascending order of partition id. */
    List<NewBatch> batches() {
        builders.sort(Comparator.comparingInt(BatchBuilder::partitionId));
        return builders.stream().map(BatchBuilder::build).toList();
    }

    /** The batches as they are stored. */
    static List<RecordBatch> stored(List<NewBatch> batches, long[] baseOffsets) {
        List<RecordBatch> stored = new ArrayList<>(batches.size());
        for (int i = 0; i < baseOffsets.length; i++) {
            if (baseOffsets[i] != LogWriter.NO_PARTITION) {
                stored.add(batches.get(i).at(baseOffsets[i]));
            }
        }
        return stored;
    }

    /**
     * Answers every request; one whose topic is gone is refused. A topic's partitions are all there or all gone.
     *
     * @param deleted is told of the topics that are gone, before their requests are answered
     */
    void answer(List<NewBatch> batches, long[] baseOffsets, Consumer<Topic> deleted) {
        Map<Integer, Long> bases = HashMap.newHashMap(baseOffsets.length);
        for (int i = 0; i < baseOffsets.length; i++) {
            bases.put(batches.get(i).partitionId(), baseOffsets[i]);
        }
        for (Gathered gathered : requests) {
            answer(gathered, bases, deleted);
        }
    }

    private static void answer(Gathered gathered, Map<Integer, Long> bases, Consumer<Topic> deleted) {
        AppendRequest request = gathered.request();
        int[] partitions = request.partitions();
        long[] offsets = new long[partitions.length];
        for (int i = 0; i < offsets.length; i++) {
            long base = bases.getOrDefault(request.topic().partitionId(partitions[i]), LogWriter.NO_PARTITION);
            if (base == LogWriter.NO_PARTITION) {
                deleted.accept(request.topic());
                request.refuse(new HubException(
                        HubError.UNKNOWN_TOPIC, "topic " + request.topic().name() + " has been deleted"));
                return;
            }
            offsets[i] = base + gathered.positions()[i];
        }
        request.answer().complete(new Appended(partitions, offsets));
    }

    void refuse(HubException reason) {
        requests.forEach(gathered -> gathered.request().refuse(reason));
    }

    private @Nullable BatchBuilder[] buildersOf(Topic topic) {
        @Nullable
        BatchBuilder[] partitions = byTopic.computeIfAbsent(topic.id(), _ -> new BatchBuilder[topic.partitionCount()]);
        if (partitions.length < topic.partitionCount()) {
            partitions = Arrays.copyOf(partitions, topic.partitionCount());
            byTopic.put(topic.id(), partitions);
        }
        return partitions;
    }
}
