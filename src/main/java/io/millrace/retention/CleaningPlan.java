package io.millrace.retention;

import io.millrace.segment.Segment;
import io.millrace.segment.Segment.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Decides which segments are rewritten. Pure.
 *
 * <p>A segment is rewritten when more of it is dead than allowed. So the sealed segments take at most 1 / (1 - allowed
 * share) of what is live, and a byte is copied at most once for each time that this share of its neighbours has died.
 * Neighbours are written to one segment as long as it does not become larger than others, so that years of a topic that
 * is kept do not become thousands of small tables.
 */
final class CleaningPlan {

    /** This many neighbours that are small are made one, though little in them is dead. */
    private static final int MANY_SMALL = 8;

    /** What is dead in a segment that still grows is worth a new segment from here on. */
    private static final long WORTH_ROLLING_BYTES = 16L * 1024 * 1024;

    private static final double ROLLED_SHARE = 0.5;

    private final double deadShare;
    private final long segmentBytes;

    /**
     * @param deadShare how much of a segment may be dead, 0 to 1
     * @param segmentBytes how large segments become
     */
    CleaningPlan(double deadShare, long segmentBytes) {
        this.deadShare = deadShare;
        this.segmentBytes = segmentBytes;
    }

    long segmentBytes() {
        return segmentBytes;
    }

    /**
     * The neighbours to be rewritten next as one segment: of all that are due, those that free the most for each byte
     * copied.
     *
     * @param segments all, in the order of their age
     */
    Optional<List<Segment>> next(List<Segment> segments) {
        return runs(segments).stream().max(Comparator.comparingDouble(CleaningPlan::gain));
    }

    /** What waits to be dropped, and the dead part of what waits to be rewritten, on disk. */
    long backlogBytes(List<Segment> segments) {
        long bytes = 0;
        for (Segment segment : segments) {
            if (segment.state() == State.RETIRED) {
                bytes += segment.diskBytes();
            } else if (segment.state() == State.SEALED && isDue(segment)) {
                bytes += (long) (segment.diskBytes() * segment.deadShare());
            }
        }
        return bytes;
    }

    /** Whether the segment that appends go to should be closed, since much of it is dead already. */
    boolean shouldRoll(Segment open) {
        return open.state() == State.OPEN
                && !open.complete()
                && open.deadShare() > ROLLED_SHARE
                && Math.min(open.writtenBytes() - open.liveBytes(), open.diskBytes()) > WORTH_ROLLING_BYTES;
    }

    private List<List<Segment>> runs(List<Segment> segments) {
        List<List<Segment>> runs = new ArrayList<>();
        List<Segment> run = new ArrayList<>();
        long live = 0;
        for (Segment segment : segments) {
            if (segment.state() == State.RETIRED || segment.state() == State.FILLING) {
                continue;
            }
            boolean joins = segment.state() == State.SEALED && (isDue(segment) || isSmall(segment));
            if (!joins || live + liveOnDisk(segment) > segmentBytes) {
                addIfDue(run, runs);
                run = new ArrayList<>();
                live = 0;
            }
            if (joins) {
                run.add(segment);
                live += liveOnDisk(segment);
            }
        }
        addIfDue(run, runs);
        return runs;
    }

    private void addIfDue(List<Segment> run, List<List<Segment>> runs) {
        if (run.size() >= MANY_SMALL || run.stream().anyMatch(this::isDue)) {
            // Small segments at either end are copied for nothing.
            int from = 0;
            int to = run.size();
            if (run.size() < MANY_SMALL) {
                while (!isDue(run.get(from))) {
                    from++;
                }
                while (!isDue(run.get(to - 1))) {
                    to--;
                }
            }
            runs.add(List.copyOf(run.subList(from, to)));
        }
    }

    private boolean isDue(Segment segment) {
        return segment.deadShare() > deadShare;
    }

    private boolean isSmall(Segment segment) {
        return liveOnDisk(segment) < segmentBytes / MANY_SMALL;
    }

    private static long liveOnDisk(Segment segment) {
        return (long) (segment.diskBytes() * (1 - segment.deadShare()));
    }

    private static double gain(List<Segment> run) {
        long disk = run.stream().mapToLong(Segment::diskBytes).sum();
        long live = run.stream().mapToLong(CleaningPlan::liveOnDisk).sum();
        return (double) (disk - live) / (live + 1);
    }
}
