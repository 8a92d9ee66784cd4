package io.millrace.access;

import io.millrace.security.Quotas.Kind;
import java.time.Instant;
import java.util.Map;

/**
 * How much a user may do in a second, on each node.
 *
 * @param principal a user, or {@link Principals#ALL_USERS} for each user that has no quota of its own
 * @param perSecond 1 to {@link #MOST} by what is counted; no entry: as much as it likes
 * @param updatedBy the principal that has set it, or the role in SQL
 */
public record Quota(String principal, Map<Kind, Long> perSecond, String updatedBy, Instant updatedAt) {

    /** As the columns check it; a bucket cannot be filled faster than once in a nanosecond. */
    public static final long MOST = 1_000_000_000;

    public Quota {
        perSecond = Map.copyOf(perSecond);
    }
}
