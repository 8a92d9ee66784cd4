package io.millrace.consume;

import io.millrace.cursor.Base;
import io.millrace.cursor.Bases;
import io.millrace.cursor.CursorReader;
import io.millrace.cursor.CursorWriter;
import io.millrace.cursor.Positions;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.group.Owned;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How far a member has read in its partitions, where that is not where the group stands. It comes with records, and the
 * member sends it back to read on while it has not committed them yet. Nothing of it is kept on a node.
 *
 * <pre>
 * version, group id, epoch, and 0, all positions, or 1, a base and what differs from it
 * </pre>
 *
 * @param epoch the member's: positions do not count for partitions that became its own later
 * @param positions by the partition's id in the log; for all others the group's offset counts
 * @param base from which the cursor was written; null for none
 */
record MemberCursor(
        int groupId,
        long epoch,
        Positions positions,
        @Nullable Base base) {

    /** With more positions than this the cursor is written from a base, so that it has at most 2,500 characters. */
    static final int MANY = 200;

    private static final int VERSION = 2;
    private static final int WHOLE = 0;
    private static final int FROM_BASE = 1;

    /** Where to read on in a partition; empty for where the group stands. */
    OptionalLong nextOffset(Owned owned) {
        long position = owned.epoch() <= epoch ? positions.nextOffset(owned.partitionId()) : -1;
        return position < 0 ? OptionalLong.empty() : OptionalLong.of(position);
    }

    /** The cursor as text; blocks if a base has to be stored. */
    String encode(Bases bases) {
        CursorWriter out = new CursorWriter().put(VERSION).put(groupId).put(epoch);
        if (positions.count() <= MANY) {
            Bases.writeWhole(out.put(WHOLE), positions);
        } else {
            Base near = base;
            if (near == null || positions.differences(near.positions(), MANY) >= MANY) {
                near = bases.store(scope(groupId), positions, base);
            }
            near.write(out.put(FROM_BASE), positions);
        }
        return out.encode();
    }

    /**
     * Reads a cursor; blocks if it was written from a base.
     *
     * @throws HubException {@link HubError#INVALID_REQUEST} if it is not a cursor, {@link HubError#CURSOR_EXPIRED} if
     *     its base is gone, {@link HubError#STORAGE_UNAVAILABLE}
     */
    static MemberCursor decode(String text, Bases bases) {
        return CursorReader.read(text, in -> decode(in, bases)).orElseThrow(MemberCursor::none);
    }

    private static Optional<MemberCursor> decode(CursorReader in, Bases bases) {
        if (in.number() != VERSION) {
            return Optional.empty();
        }
        int groupId = in.smallNumber();
        long epoch = in.number();
        int form = in.smallNumber();
        if (form != FROM_BASE) {
            return form == WHOLE
                    ? Optional.of(new MemberCursor(groupId, epoch, Bases.whole(in), null))
                    : Optional.empty();
        }
        Base base = bases.find(scope(groupId), Bases.reference(in)).orElseThrow(MemberCursor::expired);
        return Optional.of(new MemberCursor(groupId, epoch, Bases.differences(in, base), base));
    }

    /** Negative, unlike those of topics. */
    private static long scope(int groupId) {
        return -1L - groupId;
    }

    static HubException none() {
        return refusal(HubError.INVALID_REQUEST, "invalid_cursor", "this group did not issue the cursor");
    }

    private static HubException expired() {
        return refusal(
                HubError.CURSOR_EXPIRED,
                "cursor_expired",
                "the cursor is too old: read without it, from where the group has committed");
    }

    private static HubException refusal(HubError error, String code, String detail) {
        return new HubException(error, new Place.Parameter("cursor"), code, detail);
    }
}
