package io.millrace.retention;

import io.millrace.segment.Cleaning;
import io.millrace.segment.Segment;
import io.millrace.segment.Segment.State;
import io.millrace.segment.SegmentLedger;
import io.millrace.segment.SegmentStore;
import io.millrace.segment.SegmentStore.Freed;
import io.millrace.segment.Segments;
import io.millrace.time.Ticker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies retention and gives space back, on one node at a time. A round counts what has come and died, moves the
 * starts of partitions past what has expired, seals segments that no longer grow, retires those in which nothing is
 * left, rewrites those in which too much is dead, and drops the tables of retired ones.
 *
 * <p>All its state is in rows, so it can be interrupted anywhere: the next round, of whichever node, goes on from
 * there.
 */
final class Cleaner {

    private static final Logger log = LoggerFactory.getLogger(Cleaner.class);

    private final Segments segments;
    private final SegmentLedger ledger;
    private final Expiry expiry;
    private final Compactions compactions;
    private final CleaningPlan plan;
    private final Segments.Breaks breaks;
    private final Ticker ticker;
    private volatile View view = new View(List.of(), Cleaning.NONE);

    /** The segments and the cleaner's work, as this node saw them last. */
    record View(List<Segment> segments, Cleaning cleaning) {}

    /** @param breaks where to rest while copying */
    Cleaner(
            Segments segments,
            SegmentLedger ledger,
            Expiry expiry,
            Compactions compactions,
            CleaningPlan plan,
            Segments.Breaks breaks,
            Ticker ticker) {
        this.segments = segments;
        this.ledger = ledger;
        this.expiry = expiry;
        this.compactions = compactions;
        this.plan = plan;
        this.breaks = breaks;
        this.ticker = ticker;
    }

    View view() {
        return view;
    }

    /** Does what is due, unless another node is at it. */
    void round() throws SQLException, InterruptedException {
        segments.tryRun(breaks, this::clean);
        view = new View(ledger.segments(), ledger.cleaning());
    }

    private void clean(SegmentStore store) throws SQLException, InterruptedException {
        long begun = ticker.nanos();
        Tally tally = new Tally();
        free(store, tally);
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
        retire(store);
        free(store, tally);
        compact(store, tally);
        Optional<List<Segment>> run = plan.next(ledger.segments());
        while (run.isPresent()) {
            tally.rewritten(replace(store, run.get()));
            retire(store);
            free(store, tally);
            run = plan.next(ledger.segments());
        }
        long backlog = plan.backlogBytes(ledger.segments());
        store.ended(
                Duration.ofNanos(ticker.nanos() - begun),
                new Cleaning(
                        null, tally.segmentsFreed, tally.bytesFreed, tally.bytesRewritten, backlog, tally.waitsFor));
    }

    private void compact(SegmentStore store, Tally tally) throws SQLException, InterruptedException {
        Optional<Integer> created = compactions.next(store, plan.segmentBytes());
        while (created.isPresent()) {
            tally.rewritten(diskBytes(created.get()));
            retire(store);
            free(store, tally);
            created = compactions.next(store, plan.segmentBytes());
        }
    }

    private static void retire(SegmentStore store) throws InterruptedException {
        List<Integer> retired = store.retireDead();
        if (!retired.isEmpty()) {
            log.info("nothing is left to read in the log's segments {}", retired);
        }
    }

    private long replace(SegmentStore store, List<Segment> run) throws InterruptedException {
        List<Integer> numbers = run.stream().map(Segment::number).toList();
        int created = store.replace(run);
        log.info("segment {} replaces the log's segments {}", created, numbers);
        return diskBytes(created);
    }

    private long diskBytes(int segment) {
        return ledger.segments().stream()
                .filter(found -> found.number() == segment)
                .mapToLong(Segment::diskBytes)
                .sum();
    }

    private void free(SegmentStore store, Tally tally) throws InterruptedException {
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

        void rewritten(long bytes) {
            bytesRewritten += bytes;
        }

        void freed(Segment segment, long bytes) {
            if (segment.state() == State.RETIRED) {
                segmentsFreed++;
                bytesFreed += bytes;
            }
        }
    }
}
