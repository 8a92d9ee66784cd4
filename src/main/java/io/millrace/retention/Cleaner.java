package io.millrace.retention;

import io.millrace.erasure.Eraser;
import io.millrace.segment.Cleaning;
import io.millrace.segment.Segment;
import io.millrace.segment.Segment.State;
import io.millrace.segment.SegmentLedger;
import io.millrace.segment.SegmentStore;
import io.millrace.segment.SegmentStore.Freed;
import io.millrace.segment.Segments;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies retention and gives space back, on one node at a time. A round counts what has come and died, moves the
 * starts of partitions past what has expired, seals segments that no longer grow, retires those in which nothing is
 * left, rewrites those that hold keys to be erased or in which too much is dead, and drops the tables of retired ones.
 *
 * <p>All its state is in rows, so it can be interrupted anywhere: the next round, of whichever node, goes on from
 * there.
 */
final class Cleaner {

    private static final Logger log = LoggerFactory.getLogger(Cleaner.class);

    private final Segments segments;
    private final SegmentLedger ledger;
    private final Expiry expiry;
    private final Eraser eraser;
    private final Compactions compactions;
    private final CleaningPlan plan;
    private final Segments.Breaks breaks;
    private volatile View view = new View(List.of(), Cleaning.NONE, 0);

    /** The segments and the cleaner's work, as this node saw them last. */
    record View(List<Segment> segments, Cleaning cleaning, long pendingErasures) {}

    /** @param breaks where to rest while copying */
    Cleaner(
            Segments segments,
            SegmentLedger ledger,
            Expiry expiry,
            Eraser eraser,
            Compactions compactions,
            CleaningPlan plan,
            Segments.Breaks breaks) {
        this.segments = segments;
        this.ledger = ledger;
        this.expiry = expiry;
        this.eraser = eraser;
        this.compactions = compactions;
        this.plan = plan;
        this.breaks = breaks;
    }

    View view() {
        return view;
    }

    /** Does what is due, unless another node is at it. */
    void round() throws SQLException, InterruptedException {
        segments.tryRun(breaks, this::clean);
        view = new View(ledger.segments(), ledger.cleaning(), eraser.pending());
    }

    private void clean(SegmentStore store) throws InterruptedException {
        Tally tally = new Tally();
        giveBack(store, tally);
        store.count();
        if (expiry.run(store::touch) > 0) {
            store.count();
        }
        for (Segment segment : ledger.segments()) {
            if (segment.state() == State.OPEN && segment.complete()) {
                store.seal(segment);
                log.info("segment {} of the log is sealed", segment.number());
            } else if (plan.shouldRoll(segment)) {
                store.rollEarly(segment);
            }
        }
        giveBack(store, tally);
        erase(store, tally);
        compactions.run(store, plan.segmentBytes(), created -> rewritten(store, created, tally));
        Optional<List<Segment>> run = plan.next(ledger.segments());
        while (run.isPresent()) {
            int created = store.replace(run.get());
            log.info(
                    "segment {} replaces the log's segments {}",
                    created,
                    run.get().stream().map(Segment::number).toList());
            rewritten(store, created, tally);
            run = plan.next(ledger.segments());
        }
        store.ended(tally.cleaning(plan.backlogBytes(ledger.segments())));
    }

    /** Before anything else is copied, so that no copy of an erased key is made. */
    private void erase(SegmentStore store, Tally tally) throws InterruptedException {
        Optional<Integer> created = eraser.next(store);
        while (created.isPresent()) {
            rewritten(store, created.get(), tally);
            created = eraser.next(store);
        }
        eraser.finish(store);
    }

    /** Counts a segment that has taken the place of others, and gives their space back. */
    private void rewritten(SegmentStore store, int created, Tally tally) throws InterruptedException {
        tally.bytesRewritten += store.diskBytes(created);
        giveBack(store, tally);
    }

    /** Retires the segments in which nothing is left, and drops those that nobody reads any more. */
    private void giveBack(SegmentStore store, Tally tally) throws InterruptedException {
        List<Integer> retired = store.retireDead();
        if (!retired.isEmpty()) {
            log.info("nothing is left to read in the log's segments {}", retired);
        }
        tally.waitsFor = null;
        for (Segment segment : ledger.segments()) {
            if (segment.state() == State.RETIRED || segment.state() == State.FILLING) {
                switch (store.free(segment)) {
                    case Freed.Dropped(long bytes) -> tally.freed(segment, bytes);
                    case Freed.Waiting(String reason) -> tally.waitsFor = reason;
                }
            }
        }
    }

    /** What this round has done. */
    private static final class Tally {

        private long segmentsFreed;
        private long bytesFreed;
        private long bytesRewritten;
        private @Nullable String waitsFor;

        void freed(Segment segment, long bytes) {
            if (segment.state() == State.RETIRED) {
                segmentsFreed++;
                bytesFreed += bytes;
            }
        }

        Cleaning cleaning(long backlogBytes) {
            return new Cleaning(null, segmentsFreed, bytesFreed, bytesRewritten, backlogBytes, waitsFor);
        }
    }
}
