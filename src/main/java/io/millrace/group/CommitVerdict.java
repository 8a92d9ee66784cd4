package io.millrace.group;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.event.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What became of a position that a member wanted to commit. What is wrong with the member (it does not belong to the
 * group, or does not know its newest epoch) comes before what is wrong with its positions.
 *
 * @param memberEpoch the member's newest; 0 if there is no such member
 * @param end of the partition, if the position was checked against it
 */
record CommitVerdict(Kind kind, long memberEpoch, long end) {

    enum Kind {
        /** The position is stored, provided that all of its request get this verdict. */
        STORED,
        UNKNOWN_GROUP,
        MEMBER_FENCED,
        /** The member does not know its newest epoch. */
        STALE_MEMBER,
        /** The member does not own the partition, or did not at the epoch of the position. */
        NOT_OWNED,
        BEYOND_END;

        /** By the name that the statement gives it. */
        static Kind of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }
    }

    boolean isStored() {
        return kind == Kind.STORED;
    }

    /** Whether the member does not own the partition, or no longer. */
    boolean isFenced() {
        return kind == Kind.NOT_OWNED || kind == Kind.MEMBER_FENCED;
    }

    /** Makes the error for positions in partitions that the member does not own. */
    @FunctionalInterface
    interface NotOwned {

        /** @param indexes of the positions in the request, at least one, ascending */
        HubException refusal(List<OffsetCommit> positions, List<Integer> indexes);
    }

    /**
     * Checks that a request was stored.
     *
     * @param verdicts one for each position
     * @throws HubException {@link HubError#UNKNOWN_GROUP}, {@link HubError#MEMBER_FENCED},
     *     {@link HubError#STALE_MEMBER_EPOCH}, {@link HubError#OFFSET_BEYOND_END}, and what {@code notOwned} makes
     */
    static void check(List<OffsetCommit> positions, List<CommitVerdict> verdicts, NotOwned notOwned) {
        if (verdicts.isEmpty()) {
            return;
        }
        CommitVerdict first = verdicts.getFirst();
        switch (first.kind) {
            case UNKNOWN_GROUP -> throw GroupName.unknown();
            case MEMBER_FENCED -> throw Membership.fenced();
            case STALE_MEMBER ->
                throw new HubException(
                                HubError.STALE_MEMBER_EPOCH,
                                "the member's epoch is " + first.memberEpoch + ": send a heartbeat, then try again")
                        .with("epoch", first.memberEpoch);
            case STORED, NOT_OWNED, BEYOND_END -> checkPositions(positions, verdicts, notOwned);
        }
    }

    private static void checkPositions(List<OffsetCommit> positions, List<CommitVerdict> verdicts, NotOwned notOwned) {
        List<Integer> foreign = new ArrayList<>();
        for (int i = 0; i < verdicts.size(); i++) {
            if (verdicts.get(i).kind == Kind.NOT_OWNED) {
                foreign.add(i);
            }
        }
        if (!foreign.isEmpty()) {
            throw notOwned.refusal(positions, foreign);
        }
        for (int i = 0; i < verdicts.size(); i++) {
            if (verdicts.get(i).kind == Kind.BEYOND_END) {
                throw new HubException(
                        HubError.OFFSET_BEYOND_END,
                        Place.field("offsets", i, "next_offset"),
                        "offset_beyond_end",
                        "the partition ends before offset " + verdicts.get(i).end);
            }
        }
    }

    /** The error for partitions that the member does not own, or did not own at the epochs of its positions. */
    static HubException notOwned(List<OffsetCommit> positions, List<Integer> indexes) {
        List<Violation> violations = indexes.stream()
                .map(index -> {
                    OffsetCommit position = positions.get(index);
                    String at = position.epoch().isEmpty()
                            ? ""
                            : ", or did not at epoch " + position.epoch().getAsLong();
                    return new Violation(
                            Place.field("offsets", index),
                            "not_owned",
                            "the member does not own partition " + position.name() + at);
                })
                .toList();
        return new HubException(
                HubError.STALE_MEMBER_EPOCH,
                "the member does not own some of the partitions; nothing was committed",
                violations,
                Map.of());
    }
}
