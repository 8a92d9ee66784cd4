package io.millrace.group.admin;

import io.millrace.assignor.AssignorName;
import java.time.Instant;
import java.util.List;

/**
 * A group as it was when it was read.
 *
 * @param epoch rises with every change of members or owners
 * @param offsets in the order of topic and number
 */
public record GroupDescription(
        String name,
        State state,
        long epoch,
        AssignorName assignor,
        Instant createdAt,
        List<MemberDescription> members,
        List<OffsetLag> offsets) {

    /** What a group is doing. */
    public enum State {
        /** It has no members. */
        EMPTY,
        /** A member was asked to give up a partition and has not done so. */
        REBALANCING,
        STABLE;

        /** @param moving whether a member was asked to give up a partition and has not done so */
        static State of(int members, boolean moving) {
            if (members == 0) {
                return EMPTY;
            }
            return moving ? REBALANCING : STABLE;
        }
    }
}
