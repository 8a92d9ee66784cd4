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
 * The position of an event stream, and its cursors. Up to {@link #MAX_WHOLE} partitions a cursor has all positions.
 * Beyond that it names a {@link Base} and the differences from it; when there are many, another base is taken or
 * stored. So an {@code id} usually has some 1,000 characters at most, and fewer than 4,000 in any case. Used by the
 * stream's thread.
 */
final class StreamPosition {

    /** The most partitions of a cursor with all positions: some 700 characters. */
    static final int MAX_WHOLE = 100;

    /** The number of differences at which another base is wanted: some 800 characters. */
    static final int RENEW_AT = 200;

    /** The number at which the stream waits for another base, as ids would become ever longer. */
    static final int MUST_RENEW_AT = 300;

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
     * Adds partitions.
     *
     * @param count of the topic's partitions
     * @param added with numbers higher than those of all partitions before
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

    /** Sets the sum of the epochs. */
    void epochs(long sum) {
        epochs = sum;
    }

    /** Sets the next offset of a partition. */
    void moved(int partition, long nextOffset) {
        int index = Arrays.binarySearch(partitions, partition);
        nextOffsets[index] = nextOffset;
        Base current = base;
        if (current != null) {
            note(index, current.positions());
        }
    }

    /** All partitions and their next offsets. */
    Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new LinkedHashMap<>();
        for (int i = 0; i < partitions.length; i++) {
            positions.put(new TopicPartition(topic, partitions[i]), nextOffsets[i]);
        }
        return positions;
    }

    /** Refers to a base, if its partitions are the first of these. */
    void use(@Nullable Base candidate) {
        differing.clear();
        differences = 0;
        base = candidate != null && isOfThese(candidate.positions().keys()) ? candidate : null;
        Base current = base;
        if (current != null) {
            for (int i = 0; i < partitions.length; i++) {
                note(i, current.positions());
            }
        }
    }

    private boolean isOfThese(int[] keys) {
        return keys.length <= partitions.length && Arrays.equals(keys, 0, keys.length, partitions, 0, keys.length);
    }

    private void note(int index, Positions ofBase) {
        boolean differs = index >= ofBase.count() || ofBase.nextOffsets()[index] != nextOffsets[index];
        if (differs != differing.get(index)) {
            differing.set(index, differs);
            differences += differs ? 1 : -1;
        }
    }

    /**
     * Keeps cursors short, and the base that they name stored; blocks. While PostgreSQL is away they may grow a little.
     *
     * @throws HubException if they would become too long
     */
    void settle() {
        if (partitions.length <= MAX_WHOLE) {
            return;
        }
        boolean must = base == null || differences >= MUST_RENEW_AT;
        if (!must && !retry.isOver()) {
            return;
        }
        try {
            Base current = base;
            if (current != null && !bases.keep(current)) {
                use(null);
                must = true;
            }
            if (must || differences >= RENEW_AT) {
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
        Base next = must
                ? bases.nearOrNew(topicId, now, base, RENEW_AT / 2)
                : bases.tryNearOrNew(topicId, now, base, RENEW_AT / 2);
        if (next != null) {
            use(next);
        }
    }

    /** The beginning of the next records' cursors: the present positions of all partitions. */
    CursorWriter.Beginning beginning() {
        CursorWriter out = new CursorWriter();
        out.put(Cursor.VERSION).put(topicId).put(epochs).put(partitionCount);
        Base current = base;
        if (current == null) {
            Bases.writeWhole(out.put(Cursor.WHOLE), new Positions(partitions, nextOffsets));
        } else {
            current.write(out.put(Cursor.FROM_BASE), new Positions(partitions, nextOffsets), differing);
        }
        return out.beginning();
    }

    /** The rest of the cursor after one more record. */
    static byte[] rest(CursorWriter.Beginning beginning, int partition, long nextOffset) {
        return beginning.rest(new CursorWriter().put(partition).put(nextOffset));
    }

    /** The cursor of the present position. */
    byte[] cursor() {
        return beginning().whole();
    }

    @Override
    public String toString() {
        return new String(cursor(), StandardCharsets.US_ASCII);
    }
}
