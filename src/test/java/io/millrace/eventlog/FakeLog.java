package io.millrace.eventlog;

import io.millrace.replication.Leader;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/**
 * A log in memory, which can be made unreachable, refuse, break and hang. Otherwise it behaves as PostgreSQL does:
 * {@link AppendContract}. Safe for any thread.
 */
public final class FakeLog implements AppendLog {

    /** Who commits what is appended here. */
    public static final Leader LEADER = new Leader(1, 1);

    private static final String CHECK_VIOLATION = "23514";
    private static final String CONNECTION_FAILURE = "08006";

    private final Map<Integer, List<String>> partitions = new TreeMap<>();
    private final Set<Integer> refused = new HashSet<>();
    private boolean away;
    private boolean full;
    private boolean breaksNext;
    private CountDownLatch answers = new CountDownLatch(0);
    private int lastId;
    private int opened;
    private int asked;

    /** Creates empty partitions; returns their ids, ascending. */
    public synchronized List<Integer> create(int count) {
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            partitions.put(++lastId, new ArrayList<>());
            ids.add(lastId);
        }
        return ids;
    }

    public synchronized void delete(int partitionId) {
        partitions.remove(partitionId);
    }

    /** The values in the partition, from offset 0 on. */
    public synchronized List<String> values(int partitionId) {
        return List.copyOf(partitions.get(partitionId));
    }

    /** Whether the server refuses transactions with records for this partition. */
    public synchronized void refuse(int partitionId, boolean does) {
        if (does) {
            refused.add(partitionId);
        } else {
            refused.remove(partitionId);
        }
    }

    /** The next append is stored, and its connection breaks before the answer. */
    public synchronized void breakNext() {
        breaksNext = true;
    }

    /** Whether connecting fails and open connections are broken. */
    public synchronized void away(boolean is) {
        away = is;
    }

    /** Whether the disk is full: connecting works, but nothing is stored. */
    public synchronized void full(boolean is) {
        full = is;
    }

    /** Appends that begin from now on are answered when the latch opens. */
    public synchronized void answerAfter(CountDownLatch latch) {
        answers = latch;
    }

    /** How many writers have been opened. */
    public synchronized int opened() {
        return opened;
    }

    /** How often {@link Writer#alive} was called. */
    public synchronized int asked() {
        return asked;
    }

    @Override
    public synchronized Writer open(String name) throws SQLException {
        checkThere();
        opened++;
        return new FakeWriter();
    }

    private void checkThere() throws SQLException {
        if (away) {
            throw new SQLException("the log is away", CONNECTION_FAILURE);
        }
    }

    private synchronized List<Verdict> store(List<Slice> slices) throws AppendFailedException {
        if (away) {
            throw AppendFailedException.afterSending(new SQLException("the log has gone away", CONNECTION_FAILURE));
        }
        if (full || slices.stream().anyMatch(slice -> refused.contains(slice.partitionId()))) {
            throw AppendFailedException.afterSending(new SQLException("refused", CHECK_VIOLATION));
        }
        List<Verdict> verdicts = slices.stream().map(this::store).toList();
        if (breaksNext) {
            breaksNext = false;
            throw AppendFailedException.afterSending(new SQLException("broken", CONNECTION_FAILURE));
        }
        return verdicts;
    }

    private Verdict store(Slice slice) {
        List<String> values = partitions.get(slice.partitionId());
        if (values == null) {
            return new Verdict.Gone();
        }
        long base = values.size();
        RecordBatch batch = slice.at(base);
        for (int i = 0; i < batch.count(); i++) {
            values.add(TestLog.text(batch.value(i)));
        }
        return new Verdict.Stored(base);
    }

    private final class FakeWriter implements Writer {

        private boolean broken;

        @Override
        public List<Verdict> append(List<Slice> slices) throws AppendFailedException {
            CountDownLatch answered;
            synchronized (FakeLog.this) {
                answered = answers;
            }
            try {
                answered.await();
                return store(slices);
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            } catch (AppendFailedException failure) {
                broken = failure.outcomeUnknown();
                throw failure;
            }
        }

        @Override
        public void tryRoom() throws SQLException {
            synchronized (FakeLog.this) {
                if (full) {
                    throw new SQLException("no room", "53100");
                }
            }
        }

        @Override
        public Leader leader() {
            return LEADER;
        }

        @Override
        public boolean alive() {
            synchronized (FakeLog.this) {
                asked++;
                return !broken && !away;
            }
        }

        @Override
        public void close() {
            broken = true;
        }
    }
}
