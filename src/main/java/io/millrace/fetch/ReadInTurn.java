package io.millrace.fetch;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NoMemory;
import io.millrace.eventlog.RecordBatch;
import java.util.Collection;
import java.util.List;

/** Reads the history of a partition when it is its turn, and none before. Guarded by the subscription's lock. */
final class ReadInTurn {

    private final TailReader reader;
    private final PageMemory memory;

    ReadInTurn(TailReader reader, PageMemory memory) {
        this.reader = reader;
        this.memory = memory;
    }

    /**
     * Reads a page into a partition.
     *
     * @param all what gives back what it has if there is no memory for the page
     * @throws HubException {@link HubError#OVERLOADED} if there is none even so, and as {@link TailReader#bounds}
     */
    void read(FollowedPartition followed, Collection<FollowedPartition> all, int maxRecords) {
        TailReader.PageSize size = reader.pageSize(followed.tail(), maxRecords);
        long taken = memory.takeAbout(size.weight());
        if (taken < 0) {
            all.forEach(FollowedPartition::giveBack);
            taken = memory.takeAbout(size.weight());
        }
        if (taken < 0) {
            throw NoMemory.refusal();
        }
        FollowedPartition.Gap gap = followed.gap();
        List<RecordBatch> read = List.of();
        try {
            HistoryPage page = reader.history(followed.tail(), gap.from(), size);
            read = page.batches();
            followed.fill(gap, page);
        } finally {
            memory.correct(taken, PageMemory.weight(read));
        }
    }
}
