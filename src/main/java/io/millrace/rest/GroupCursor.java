package io.millrace.rest;

import io.millrace.group.Owned;
import io.millrace.web.CursorReader;
import io.millrace.web.CursorWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far a member has read in its partitions: what it is answered with records, and gives back to read on while it has
 * not committed them yet. Nothing of it is kept on a node.
 *
 * <pre>
 * version, group id, partition count, {partition id gap, ownership epoch, next offset}*
 * </pre>
 *
 * @param positions by the partition's id in the log
 */
record GroupCursor(int groupId, SortedMap<Integer, Position> positions) {

    private static final int VERSION = 1;
    private static final int MOST_PARTITIONS = 1_000_000;

    /** @param epoch since which the partition was the member's: under another one the position counts for nothing */
    record Position(long epoch, long nextOffset) {}

    /** Where to read on in a partition; empty if the cursor does not know it as the member owns it now. */
    OptionalLong nextOffset(Owned owned) {
        Position position = positions.get(owned.partitionId());
        return position != null && position.epoch() == owned.epoch()
                ? OptionalLong.of(position.nextOffset())
                : OptionalLong.empty();
    }

    String encode() {
        CursorWriter out = new CursorWriter(3 + 3 * positions.size());
        out.put(VERSION).put(groupId).put(positions.size());
        int[] expected = {0};
        positions.forEach((partitionId, position) -> {
            out.put(partitionId - expected[0]).put(position.epoch()).put(position.nextOffset());
            expected[0] = partitionId + 1;
        });
        return new String(out.encode(), StandardCharsets.US_ASCII);
    }

    /** Reads a cursor; empty if that is none, or one of another version. */
    static Optional<GroupCursor> decode(String text) {
        return CursorReader.read(text, GroupCursor::decode);
    }

    private static Optional<GroupCursor> decode(CursorReader in) {
        if (in.number() != VERSION) {
            return Optional.empty();
        }
        int groupId = in.smallNumber();
        int count = in.smallNumber();
        if (count > MOST_PARTITIONS) {
            return Optional.empty();
        }
        SortedMap<Integer, Position> positions = new TreeMap<>();
        int expected = 0;
        for (int i = 0; i < count; i++) {
            int partitionId = Math.addExact(expected, in.smallNumber());
            expected = Math.addExact(partitionId, 1);
            positions.put(partitionId, new Position(in.number(), in.number()));
        }
        return Optional.of(new GroupCursor(groupId, positions));
    }
}
