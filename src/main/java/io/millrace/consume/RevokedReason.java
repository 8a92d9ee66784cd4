package io.millrace.consume;

import java.util.Locale;

/** Why partitions were revoked. */
public enum RevokedReason {
    /** The client asked for it. */
    UNSUBSCRIBED,
    TOPIC_DELETED,
    /** They are to go to other members of the group. What was received may still be committed, for a while. */
    REBALANCE,
    /** The member was expelled, or replaced: others may own them already. */
    FENCED,
    /** The subscription failed; an error frame says why. */
    FAILED;

    /** As written in frames: {@code topic_deleted}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
