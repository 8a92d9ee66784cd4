package io.millrace.segment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the cleaner has done so far, on whichever nodes, and what it has before it.
 *
 * @param endedAt when the last complete round ended; null: there was none
 * @param segmentsFreed how many segments have been dropped
 * @param bytesFreed what their tables took on disk
 * @param bytesRewritten what the tables that replaced others took on disk
 * @param backlogBytes what the tables take on disk that wait to be dropped, and the dead part of those that wait to be
 *     rewritten
 * @param waitsFor what keeps it from dropping tables; null: nothing
 */
public record Cleaning(
        @Nullable Instant endedAt,
        long segmentsFreed,
        long bytesFreed,
        long bytesRewritten,
        long backlogBytes,
        @Nullable String waitsFor) {

    /** Before the first round. */
    public static final Cleaning NONE = new Cleaning(null, 0, 0, 0, 0, null);
}
