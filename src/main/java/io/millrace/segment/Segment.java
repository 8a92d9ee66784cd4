package io.millrace.segment;

/**
 * A segment of the log and what it holds.
 *
 * @param number negative for segments that replace others
 * @param complete whether no head names it any more, nor a segment before it: it cannot grow
 * @param writtenBytes of all keys, values and headers, of dead records too; while it is open, as far as counted
 * @param liveBytes of those that may be read
 * @param diskBytes what its table takes on disk, with index and TOAST
 */
public record Segment(int number, State state, boolean complete, long writtenBytes, long liveBytes, long diskBytes) {

    /** Where it is in its life. */
    public enum State {
        /** Appends go to it, or went to it a moment ago. */
        OPEN,
        /** It does not grow. */
        SEALED,
        /** Live batches of others are being copied to it. */
        FILLING,
        /** It is not part of the log any more, and its table can be dropped. */
        RETIRED
    }

    /** The share of what was written to it that is dead, 0 to 1. */
    public double deadShare() {
        return writtenBytes == 0 ? 0 : 1 - (double) Math.min(liveBytes, writtenBytes) / writtenBytes;
    }
}
