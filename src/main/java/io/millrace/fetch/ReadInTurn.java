package io.millrace.fetch;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NoMemory;
import java.util.Collection;

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
        if (read(followed, maxRecords)) {
            return;
        }
        all.forEach(FollowedPartition::giveBack);
        if (!read(followed, maxRecords) && !read(followed, 1)) {
            throw NoMemory.refusal();
        }
    }

    /** False if there is no memory for it, which may be known only when it has been read. */
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
