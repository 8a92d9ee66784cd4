package io.millrace.verify.group;

import io.millrace.codec.ReadPage;
import io.millrace.codec.ReadRecord;
import io.millrace.verify.history.GroupEvent;
import io.millrace.verify.history.GroupHistory;
import io.millrace.verify.history.Mark;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;

/**
 * One connection of a member or, without one, one membership: the partitions that it owns, and its uncommitted
 * progress.
 */
abstract class MemberSession {

    /** The progress in a partition, with the epoch of the records. */
    record Progress(long epoch, long nextOffset) {}

    private final String id;
    private final GroupHistory history;
    private final Set<Integer> owned = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Progress> uncommitted = new LinkedHashMap<>();
    private boolean ended;

    MemberSession(String id, GroupHistory history) {
        this.id = id;
        this.history = history;
    }

    /** Joins, and runs until the membership ends. */
    abstract void run() throws InterruptedException;

    /** Wakes the session's thread to check its state. */
    void wake() {}

    final String id() {
        return id;
    }

    final Set<Integer> owned() {
        return Set.copyOf(owned);
    }

    final void note(LongFunction<GroupEvent> event) {
        history.add(event);
    }

    /** @param added the partitions and where they begin */
    final void assigned(String member, Map<Integer, Long> added) {
        note(at -> new GroupEvent.Assigned(at, id, member, added));
        owned.addAll(added.keySet());
    }

    final void delivered(ReadPage page) {
        for (ReadRecord record : page.records()) {
            note(at -> new GroupEvent.Delivered(at, id, page.partition(), page.epoch(), record.offset()));
        }
    }

    final void revoked(Set<Integer> partitions, String reason) {
        note(at -> new GroupEvent.Revoked(at, id, partitions, reason));
        owned.removeAll(partitions);
    }

    final void failed(String code, boolean retryable) {
        note(at -> new GroupEvent.Failed(at, id, code, retryable));
    }

    /** Only the first end counts. */
    final synchronized void ended(int status) {
        if (!ended) {
            ended = true;
            note(at -> new GroupEvent.Ended(at, id, status));
        }
        owned.clear();
    }

    // Processed records. Used by one thread.

    final void process(int partition, long epoch, ReadRecord record) {
        long offset = record.offset();
        Mark mark = history.mark(record);
        note(at -> new GroupEvent.Processed(at, id, partition, offset, mark));
        uncommitted.put(partition, new Progress(epoch, offset + 1));
    }

    /** Takes the progress that the caller must commit. */
    final Map<Integer, Progress> takeUncommitted() {
        Map<Integer, Progress> taken = new LinkedHashMap<>(uncommitted);
        uncommitted.clear();
        return taken;
    }

    final void forget(Set<Integer> partitions) {
        partitions.forEach(uncommitted::remove);
    }

    /** @param refusal the error's code; empty if it was stored */
    final void answered(long sent, int partition, Progress commit, String refusal) {
        note(at -> new GroupEvent.Commit(at, id, sent, partition, commit.epoch(), commit.nextOffset(), refusal));
    }

    /** The placeholder before the first session. */
    static final class None extends MemberSession {

        None(String id, GroupHistory history) {
            super(id, history);
        }

        @Override
        void run() {
            throw new IllegalStateException("there is nothing to run");
        }
    }
}
