package io.millrace.stream.sse;

import io.millrace.cursor.Base;
import io.millrace.cursor.Bases;
import io.millrace.cursor.CursorReader;
import io.millrace.cursor.Positions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A reader's position in all partitions of a topic that it followed: the {@code id} of a server-sent event, from which
 * the stream is resumed. {@link StreamPosition} writes it.
 *
 * <pre>
 * version, topic id, epochs, partition count,
 * 0, all positions, or 1, a base and the differences from it,
 * and in a record's event: its partition, and the offset after the record
 * </pre>
 *
 * @param epochs the sum of the epochs of the partitions followed: epochs only rise, so an equal sum means that no
 *     failover has lost records
 * @param partitionCount of the topic; partitions added later have not been read
 * @param base that the cursor refers to; null for none
 */
record Cursor(
        int topicId,
        long epochs,
        int partitionCount,
        Positions positions,
        @Nullable Base base) {

    static final int VERSION = 2;
    static final int WHOLE = 0;
    static final int FROM_BASE = 1;

    /** The result of reading a cursor. */
    sealed interface Read {

        record Understood(Cursor cursor) implements Read {}

        /** @param reason the code that clients see */
        record Lost(String reason, String detail) implements Read {}
    }

    static final Read.Lost INVALID = new Read.Lost("cursor_invalid", "this hub did not issue the cursor");

    static final Read.Lost OF_OTHER_TOPIC =
            new Read.Lost("cursor_of_other_topic", "the cursor belongs to another topic, or to one that was deleted");

    static final Read.Lost EXPIRED =
            new Read.Lost("cursor_expired", "the cursor is too old: the positions it refers to are no longer kept");

    /**
     * Reads a cursor; blocks.
     *
     * @param topicId of the topic to read
     * @throws io.millrace.event.HubException {@link io.millrace.event.HubError#STORAGE_UNAVAILABLE}
     */
    static Read read(String text, int topicId, Bases bases) {
        return CursorReader.read(text, in -> Optional.of(read(in, topicId, bases)))
                .orElse(INVALID);
    }

    private static Read read(CursorReader in, int topicId, Bases bases) {
        if (in.number() != VERSION) {
            return lost(in, INVALID);
        }
        if (in.smallNumber() != topicId) {
            return lost(in, OF_OTHER_TOPIC);
        }
        long epochs = in.number();
        int partitionCount = in.smallNumber();
        int form = in.smallNumber();
        Base base = null;
        Positions positions;
        if (form == FROM_BASE) {
            base = bases.find(topicId, Bases.reference(in)).orElse(null);
            if (base == null) {
                return lost(in, EXPIRED);
            }
            positions = Bases.differences(in, base);
        } else if (form == WHOLE) {
            positions = Bases.whole(in);
        } else {
            return lost(in, INVALID);
        }
        if (in.hasMore() && !step(positions, in.smallNumber(), in.number())) {
            return lost(in, INVALID);
        }
        return new Read.Understood(new Cursor(topicId, epochs, partitionCount, positions, base));
    }

    /** Moves a partition past a record; the positions belong to this cursor alone. */
    private static boolean step(Positions positions, int partition, long nextOffset) {
        return positions.move(partition, nextOffset);
    }

    private static Read lost(CursorReader in, Read.Lost why) {
        in.ignoreRest();
        return why;
    }
}
