package io.millrace.verify.load;

import io.millrace.client.NoAnswerException;
import io.millrace.client.RecordCalls.Range;
import io.millrace.client.RefusedException;
import io.millrace.codec.ReadPage;
import io.millrace.command.CommandFailure;
import io.millrace.verify.history.History;
import io.millrace.verify.history.Logged;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Reads the whole log of a topic. A request whose outcome is unknown may still be stored meanwhile: to see such a
 * request whole, the partitions are read in turn until none of them has new records. Used by one thread.
 */
public final class LogReader {

    private static final int PAGE = 5000;
    private static final Duration REST_AFTER_FAILURE = Duration.ofMillis(200);

    private final Hubs hubs;
    private final String topic;
    private final History sent;
    private final Duration patience;
    private final List<List<Logged>> log = new ArrayList<>();
    private final long[] next;

    /**
     * @param sent the requests whose records are read
     * @param patience how long to retry a read that fails
     */
    public LogReader(Hubs hubs, String topic, int partitions, History sent, Duration patience) {
        this.hubs = hubs;
        this.topic = topic;
        this.sent = sent;
        this.patience = patience;
        this.next = new long[partitions];
        for (int i = 0; i < partitions; i++) {
            log.add(new ArrayList<>());
        }
    }

    /** All records, partition by partition. */
    public List<Logged> read() throws NoAnswerException, InterruptedException {
        boolean more = true;
        while (more) {
            more = false;
            for (int partition = 0; partition < next.length; partition++) {
                more |= readToTheEnd(partition);
            }
        }
        List<Logged> all = new ArrayList<>();
        log.forEach(all::addAll);
        return all;
    }

    /** Whether there were new records. */
    private boolean readToTheEnd(int partition) throws NoAnswerException, InterruptedException {
        long began = next[partition];
        long end = began + 1;
        while (next[partition] < end) {
            ReadPage page = page(partition);
            log.get(partition).addAll(Logged.of(page, sent));
            end = page.highWatermark();
            if (page.nextOffset() <= next[partition] && next[partition] < end) {
                throw new CommandFailure("the hub returns no records of partition " + partition + " at offset "
                        + next[partition] + ", although its end is " + end);
            }
            next[partition] = Math.max(next[partition], page.nextOffset());
        }
        return next[partition] > began;
    }

    private ReadPage page(int partition) throws NoAnswerException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return hubs.current()
                        .records()
                        .read(topic, partition, Range.from(next[partition]).limit(PAGE));
            } catch (RefusedException refusal) {
                if (!refusal.problem().isOverload() && !refusal.code().isEmpty() || System.nanoTime() > deadline) {
                    throw refusal;
                }
            } catch (NoAnswerException unanswered) {
                if (System.nanoTime() > deadline) {
                    throw unanswered;
                }
            }
            hubs.turn();
            TimeUnit.NANOSECONDS.sleep(REST_AFTER_FAILURE.toNanos());
        }
    }
}
