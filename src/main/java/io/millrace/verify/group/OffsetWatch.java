package io.millrace.verify.group;

import io.millrace.client.NoAnswerException;
import io.millrace.client.RefusedException;
import io.millrace.client.message.Group;
import io.millrace.verify.history.GroupEvent;
import io.millrace.verify.history.GroupHistory;
import io.millrace.verify.load.Hubs;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Reads a group's committed offsets repeatedly, one request after the other, and records them. */
public final class OffsetWatch implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Hubs hubs;
    private final String group;
    private final int partitions;
    private final GroupHistory history;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("offset-watch").unstarted(this::watch);
    private volatile boolean atTheEnd;

    /** @param partitions how many the group reads */
    public static OffsetWatch start(Hubs hubs, String group, int partitions, GroupHistory history) {
        OffsetWatch watch = new OffsetWatch(hubs, group, partitions, history);
        watch.thread.start();
        return watch;
    }

    private OffsetWatch(Hubs hubs, String group, int partitions, GroupHistory history) {
        this.hubs = hubs;
        this.group = group;
        this.partitions = partitions;
        this.history = history;
    }

    /** Whether the group had committed everything when the offsets were last read. */
    public boolean atTheEnd() {
        return atTheEnd;
    }

    /** Reads the offsets once; false if that fails. */
    public synchronized boolean look() throws InterruptedException {
        try {
            long asked = System.nanoTime();
            List<Group.Offset> offsets = hubs.current().groups().offsets(group);
            for (Group.Offset offset : offsets) {
                history.add(at -> new GroupEvent.Observed(
                        at, asked, offset.partition(), offset.nextOffset(), offset.endOffset(), 0));
            }
            atTheEnd = offsets.size() == partitions
                    && offsets.stream().allMatch(offset -> offset.nextOffset() == offset.endOffset());
            return true;
        } catch (NoAnswerException | RefusedException failure) {
            // The group may not exist yet.
            hubs.turn();
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopped.countDown();
        thread.join();
    }

    private void watch() {
        try {
            do {
                look();
            } while (!stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
