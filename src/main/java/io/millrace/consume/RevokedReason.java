package io.millrace.consume;

import java.util.Locale;

/** Why partitions were revoked. */
public enum RevokedReason {
    /** The client asked for it. */
    UNSUBSCRIBED,
    TOPIC_DELETED,
    /** They are to go to other members of the group. What was received may still be committed, for a while. */
    REBALANCE,
    /** The member was expelled, or replaced: they are others' already. */
    FENCED,
    /** The subscription failed; an error frame says why. */
    FAILED;

    /** As it stands in frames: {@code topic_deleted}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
