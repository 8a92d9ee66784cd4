package io.millrace.stream.sse;

import io.millrace.cursor.Base;
import io.millrace.cursor.Bases;
import io.millrace.cursor.CursorWriter;
import io.millrace.cursor.Positions;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import io.millrace.time.Deadline;
import io.millrace.time.Ticker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream of events stands, and the cursors that say so. Up to {@link #MOST_WHOLE} partitions a cursor has all
 * positions. Beyond that it names a {@link Base} and what differs from it; when that has become much, another base is
 * taken or stored. So an {@code id} has some 1,000 characters at most, and 4,000 never. Used by the stream's thread.
 */
final class StreamPosition {

    /** Some 700 characters. */
    static final int MOST_WHOLE = 100;

    /** In so many partitions a position may differ from its base before another one is wanted: some 800 characters. */
    static final int MANY = 200;

    /** The same while another base cannot be had. Then nothing goes on: every event would have a longer id. */
    static final int TOO_MANY = 300;

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final String topic;
    private final int topicId;
    private final Bases bases;
    private final Ticker ticker;
    private final BitSet differing = new BitSet();
    private int differences;
    private int partitionCount;
    private long epochs;
    private int[] partitions = {};
    private long[] nextOffsets = {};
    private @Nullable Base base;
    private Deadline retry;

    StreamPosition(String topic, int topicId, Bases bases, Ticker ticker) {
        this.topic = topic;
        this.topicId = topicId;
        this.bases = bases;
        this.ticker = ticker;
        this.retry = ticker.in(Duration.ZERO);
    }

    /**
     * Takes partitions in.
     *
     * @param count how many partitions the topic has
     * @param added their numbers are higher than those of all that are there
     */
    void follow(int count, long epochSum, Map<TopicPartition, Long> added) {
        partitionCount = count;
        epochs = epochSum;
        int at = partitions.length;
        partitions = Arrays.copyOf(partitions, at + added.size());
        nextOffsets = Arrays.copyOf(nextOffsets, at + added.size());
        for (Map.Entry<TopicPartition, Long> entry : added.entrySet()) {
            partitions[at] = entry.getKey().partition();
            nextOffsets[at] = entry.getValue();
            at++;
        }
        use(base);
    }

    /** The epochs as last known. */
    void epochs(long sum) {
        epochs = sum;
    }

    /** Notes where a partition goes on. */
    void moved(int partition, long nextOffset) {
        int index = Arrays.binarySearch(partitions, partition);
        nextOffsets[index] = nextOffset;
        Base told = base;
        if (told != null) {
            note(index, told.positions());
        }
    }

    /** All partitions and where they stand. */
    Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new LinkedHashMap<>();
        for (int i = 0; i < partitions.length; i++) {
            positions.put(new TopicPartition(topic, partitions[i]), nextOffsets[i]);
        }
        return positions;
    }

    /** Tells positions from a base, if that is one of the first of these partitions. */
    void use(@Nullable Base candidate) {
        differing.clear();
        differences = 0;
        base = candidate != null && isOfThese(candidate.positions().keys()) ? candidate : null;
        Base told = base;
        if (told != null) {
            for (int i = 0; i < partitions.length; i++) {
                note(i, told.positions());
            }
        }
    }

    private boolean isOfThese(int[] keys) {
        return keys.length <= partitions.length && Arrays.equals(keys, 0, keys.length, partitions, 0, keys.length);
    }

    private void note(int index, Positions told) {
        boolean differs = index >= told.count() || told.nextOffsets()[index] != nextOffsets[index];
        if (differs != differing.get(index)) {
            differing.set(index, differs);
            differences += differs ? 1 : -1;
        }
    }

    /**
     * Sees to it that cursors are short, and that what they name is kept; blocks. While PostgreSQL is away they may
     * grow a little.
     *
     * @throws HubException if they would become too long
     */
    void settle() {
        if (partitions.length <= MOST_WHOLE) {
            return;
        }
        boolean must = base == null || differences >= TOO_MANY;
        if (!must && !retry.isOver()) {
            return;
        }
        try {
            Base told = base;
            if (told != null && !bases.keep(told)) {
                use(null);
                must = true;
            }
            if (must || differences >= MANY) {
                renew(must);
            }
        } catch (HubException failure) {
            if (must || !failure.error().retryable()) {
                throw failure;
            }
            retry = ticker.in(RETRY);
        }
    }

    private void renew(boolean must) {
        Positions now = new Positions(
                Arrays.copyOf(partitions, partitions.length), Arrays.copyOf(nextOffsets, nextOffsets.length));
        Base next =
                must ? bases.nearOrNew(topicId, now, base, MANY / 2) : bases.tryNearOrNew(topicId, now, base, MANY / 2);
        if (next != null) {
            use(next);
        }
    }

    /** What the cursors of the next records begin with: where all partitions stand now. */
    CursorWriter.Beginning beginning() {
        CursorWriter out = new CursorWriter();
        out.put(Cursor.VERSION).put(topicId).put(epochs).put(partitionCount);
        Base told = base;
        if (told == null) {
            Bases.writeWhole(out.put(Cursor.WHOLE), new Positions(partitions, nextOffsets));
        } else {
            told.write(out.put(Cursor.FROM_BASE), new Positions(partitions, nextOffsets), differing);
        }
        return out.beginning();
    }

    /** The rest of the cursor behind one record more. */
    static byte[] rest(CursorWriter.Beginning beginning, int partition, long nextOffset) {
        return beginning.rest(new CursorWriter().put(partition).put(nextOffset));
    }

    /** The cursor of now. */
    byte[] cursor() {
        return beginning().whole();
    }

    @Override
    public String toString() {
        return new String(cursor(), StandardCharsets.US_ASCII);
    }
}
