package io.millrace.fetch;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NoMemory;
import java.util.Collection;

/** Reads a page of a partition's history in the partition's turn, not ahead. Guarded by the subscription's lock. */
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
     * @param all the partitions that give back what they hold if there is no memory for the page
     * @throws HubException {@link HubError#OVERLOADED} if there is still too little for one batch, and as
     *     {@link TailReader#bounds}
     */
    void read(FollowedPartition followed, Collection<FollowedPartition> all, int maxRecords) {
        if (read(followed, maxRecords)) {
            return;
        }
        all.forEach(FollowedPartition::giveBack);
        if (!read(followed, maxRecords) && !read(followed, 1)) {
            throw NoMemory.refusal();
        }
    }

    /** False if there is no memory for the page, which may become known only when it has been read. */
    private boolean read(FollowedPartition followed, int maxRecords) {
        TailReader.PageSize size = reader.pageSize(followed.tail(), maxRecords);
        long taken = memory.takeAbout(size.weight());
        if (taken < 0) {
            return false;
        }
        HistoryPage page = null;
        boolean held = false;
        try {
            page = reader.history(followed.tail(), followed.gap().from(), size);
        } finally {
            held = memory.settle(taken, page == null ? 0 : PageMemory.weight(page.batches()));
        }
        if (held) {
            followed.fill(page);
        }
        return held;
    }
}
