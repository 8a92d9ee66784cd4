package io.millrace.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.millrace.event.RecordFormat;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract of the log on every tested version of PostgreSQL. */
abstract class LogContract extends AppendContract {

    private static final int NO_LIMIT = 1_000_000;

    final TestLog log;

    LogContract(TestLog log) {
        this.log = log;
    }

    @Override
    AppendLog appendLog() {
        return log.writers;
    }

    @Override
    List<Integer> newPartitions(int count) {
        return log.partitions.create(count);
    }

    @Override
    void deletePartition(int partitionId) {
        log.partitions.delete(List.of(partitionId));
        assertThat(log.partitions.bounds(List.of(partitionId))).isEmpty();
    }

    @Override
    long endOf(int partitionId) {
        return log.bounds(partitionId).end();
    }

    @Override
    void whileRefusing(int partitionId, Act act) throws Exception {
        log.jdbc
                .sql("alter table millrace.record_batch_1 add constraint refused check (partition_id <> " + partitionId
                        + ")")
                .update();
        try {
            act.run();
        } finally {
            log.jdbc
                    .sql("alter table millrace.record_batch_1 drop constraint refused")
                    .update();
        }
    }

    @Override
    void whileBreaking(int partitionId, Act act) throws Exception {
        try (var blocker = log.connection()) {
            blocker.setAutoCommit(false);
            blocker.createStatement()
                    .execute("select 1 from millrace.partition_head where partition_id = " + partitionId
                            + " for update");
            Thread killer = Thread.ofVirtual().start(this::endVictim);
            act.run();
            killer.join();
        }
    }

    @Test
    void offsetsBeginAtZeroAndContinueWithoutAGap() throws Exception {
        int partition = log.partition();

        assertThat(log.append(partition, 1, "0", "1", "2")).isZero();
        assertThat(log.append(partition, 1, "3")).isEqualTo(3);

        assertThat(log.bounds(partition)).isEqualTo(PartitionBounds.settled(0, 0, 4));
        assertThat(TestLog.records(log.reader.read(partition, 0, NO_LIMIT, NO_LIMIT)))
                .containsExactly("0=0", "1=1", "2=2", "3=3");
    }

    @Test
    void everyColumnComesBackAsItWasWritten() throws Exception {
        int partition = log.partition();
        byte[] allBytes = new byte[256];
        for (int i = 0; i < allBytes.length; i++) {
            allBytes[i] = (byte) i;
        }
        RecordColumns columns = new RecordColumns(
                new long[] {5, 7, 6},
                new byte[][] {TestLog.bytes("key"), null, allBytes},
                new byte[][] {null, allBytes, new byte[0]},
                new byte[][] {null, null, TestLog.bytes("[{\"name\":\"a\",\"value\":\"b\"}]")},
                new byte[] {0, RecordFormat.VALUE_BINARY, RecordFormat.VALUE_TEXT | RecordFormat.KEY_BINARY},
                999);
        try (LogWriter writer = log.writers.open("test")) {
            writer.append(List.of(new Slice(partition, columns)));
        }

        RecordBatch read = log.reader.read(partition, 0, NO_LIMIT, NO_LIMIT).getFirst();

        assertThat(read.count()).isEqualTo(3);
        assertThat(IntStream.range(0, 3).mapToObj(read::timestamp)).containsExactly(5L, 7L, 6L);
        assertThat(read.key(0)).isEqualTo(TestLog.bytes("key"));
        assertThat(read.key(1)).isNull();
        assertThat(read.key(2)).isEqualTo(allBytes);
        assertThat(read.value(0)).isNull();
        assertThat(read.value(1)).isEqualTo(allBytes);
        assertThat(read.value(2)).isEmpty();
        assertThat(read.headers(1)).isNull();
        assertThat(TestLog.text(read.headers(2))).isEqualTo("[{\"name\":\"a\",\"value\":\"b\"}]");
        assertThat(read.format(1)).isEqualTo(RecordFormat.VALUE_BINARY);
        assertThat(RecordFormat.binaryKey(read.format(2))).isTrue();
        assertThat(read.byteSize()).isEqualTo(999);
    }

    @Test
    void appendsDoNotUseTheDatabasesDefaultIsolation() throws Exception {
        log.isolationByDefault("repeatable read");
        try {
            writersOfTheSamePartitionsNeverLeaveAGapOrRepeatAnOffset();
        } finally {
            log.isolationByDefault("read committed");
        }
    }

    @Test
    void writersOfTheSamePartitionsNeverLeaveAGapOrRepeatAnOffset() throws Exception {
        List<Integer> partitions = log.partitions.create(3);
        int writers = 4;
        int rounds = 50;
        List<Set<Long>> offsets =
                List.of(new ConcurrentSkipListSet<>(), new ConcurrentSkipListSet<>(), new ConcurrentSkipListSet<>());
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = IntStream.range(0, writers)
                .mapToObj(_ -> Thread.ofVirtual().start(() -> {
                    try (LogWriter writer = log.writers.open("test")) {
                        for (int round = 0; round < rounds; round++) {
                            List<Verdict> verdicts = writer.append(partitions.stream()
                                    .map(partition -> TestLog.batch(partition, 1, "a", "b"))
                                    .toList());
                            for (int i = 0; i < verdicts.size(); i++) {
                                long base = TestLog.base(verdicts.get(i));
                                assertThat(offsets.get(i).add(base)).isTrue();
                                assertThat(offsets.get(i).add(base + 1)).isTrue();
                            }
                        }
                    } catch (Throwable failure) {
                        failures.add(failure);
                    }
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(failures).isEmpty();
        int total = writers * rounds * 2;
        for (int i = 0; i < partitions.size(); i++) {
            assertThat(offsets.get(i)).hasSize(total).first().isEqualTo(0L);
            assertThat(log.bounds(partitions.get(i)).end()).isEqualTo(total);
            List<RecordBatch> read = log.reader.read(partitions.get(i), 0, NO_LIMIT, NO_LIMIT);
            assertThat(TestLog.records(read)).hasSize(total);
            long next = 0;
            for (RecordBatch batch : read) {
                assertThat(batch.firstOffset()).isEqualTo(next);
                next = batch.lastOffset() + 1;
            }
        }
    }

    @Test
    void headsAreLockedInAscendingOrderOfIdAndNotInTableOrder() throws Exception {
        List<Integer> reserved = log.partitions.create(9);
        log.partitions.delete(reserved);
        log.jdbc
                .sql("insert into millrace.partition_head (partition_id, segment) select id, 1 from"
                        + " unnest(?) with ordinality as t(id, n) order by n desc")
                .param(reserved.toArray(Integer[]::new))
                .update();
        log.jdbc.sql("analyze millrace.partition_head").update();
        try (LogWriter writer = log.writers.open("victim");
                var blocker = log.connection();
                var observer = log.connection()) {
            blocker.setAutoCommit(false);
            blocker.createStatement()
                    .execute("select 1 from millrace.partition_head where partition_id = " + reserved.get(4)
                            + " for update");
            Thread append = Thread.ofVirtual().start(() -> assertThatNoException()
                    .isThrownBy(() -> writer.append(reserved.stream()
                            .map(partition -> TestLog.batch(partition, 1, "x"))
                            .toList())));
            awaitBlockedVictim();

            List<Integer> free = new ArrayList<>();
            try (var rows = observer.createStatement()
                    .executeQuery("select partition_id from millrace.partition_head where partition_id >= "
                            + reserved.getFirst() + " order by 1 for update skip locked")) {
                while (rows.next()) {
                    free.add(rows.getInt(1));
                }
            }
            assertThat(free).isEqualTo(reserved.subList(5, 9));

            blocker.rollback();
            append.join();
        }
        assertThat(log.bounds(reserved.getLast()).end()).isEqualTo(1);
    }

    /** A transaction that is left open keeps all versions of rows: repeated updates of a row would become slow. */
    @Test
    void appendsDuringALongTransactionLeaveNoOldVersionsOfTheHeads() throws Exception {
        List<Integer> partitions = log.partitions.create(4);
        long size = headBytes();
        try (var forgotten = log.connection();
                LogWriter writer = log.writers.open("test")) {
            forgotten.setAutoCommit(false);
            forgotten.setTransactionIsolation(java.sql.Connection.TRANSACTION_REPEATABLE_READ);
            forgotten.createStatement().execute("select txid_current()");

            for (int round = 0; round < 200; round++) {
                writer.append(partitions.stream()
                        .map(partition -> TestLog.batch(partition, 1, "x"))
                        .toList());
            }

            assertThat(headBytes()).isEqualTo(size);
            forgotten.rollback();
        }
        assertThat(partitions)
                .extracting(partition -> log.bounds(partition).end())
                .containsOnly(200L);
    }

    private long headBytes() {
        return log.jdbc
                .sql("select pg_relation_size('millrace.partition_head')")
                .query(Long.class)
                .single();
    }

    @Test
    void aCommitMayHaveMorePartitionsThanAStatement() throws Exception {
        List<Integer> partitions = log.partitions.create(150);
        try (LogWriter writer = log.writers.open("test")) {
            for (int round = 0; round < 2; round++) {
                List<Verdict> verdicts = writer.append(partitions.stream()
                        .map(partition -> TestLog.batch(partition, 1, "x"))
                        .toList());

                assertThat(verdicts).hasSize(150).containsOnly(new Verdict.Stored(round));
            }
        }
    }

    @Test
    void aReadBeginsWithTheBatchThatHoldsTheOffsetAndStopsAtItsLimits() throws Exception {
        int partition = log.partition();
        log.append(partition, 1, "0", "1", "2");
        log.append(partition, 1, "3", "4");
        log.append(partition, 1, "5");

        assertThat(TestLog.records(log.reader.read(partition, 1, NO_LIMIT, 1))).containsExactly("0=0", "1=1", "2=2");
        assertThat(TestLog.records(log.reader.read(partition, 3, 1, NO_LIMIT))).containsExactly("3=3", "4=4");
        assertThat(TestLog.records(log.reader.read(partition, 3, 2, NO_LIMIT))).containsExactly("3=3", "4=4", "5=5");
        assertThat(log.reader.read(partition, 6, NO_LIMIT, NO_LIMIT)).isEmpty();
    }

    @Test
    void aCompactedBatchKeepsItsOffsets() throws Exception {
        int partition = log.partition();
        log.append(partition, 1, "0", "1", "2", "3", "4");
        log.jdbc
                .sql("update millrace.record_batch set offset_deltas = '{1,4}', record_count = 2, timestamps ="
                        + " '{8,9}', max_timestamp = 9, high_timestamp = 9, record_values = array['1'::bytea,"
                        + " '4'::bytea] where partition_id = :id")
                .param("id", partition)
                .update();

        RecordBatch batch = log.reader.read(partition, 2, NO_LIMIT, NO_LIMIT).getFirst();

        assertThat(TestLog.records(List.of(batch))).containsExactly("1=1", "4=4");
        assertThat(IntStream.of(0, 1, 2, 4, 5).map(batch::indexOf)).containsExactly(0, 0, 1, 1, 2);
        assertThat(log.reader.offsetOf(partition, 9, log.bounds(partition))).isEqualTo(4);
    }

    @Test
    void aTimestampIsFoundAtTheFirstRecordThatIsNotOlder() throws Exception {
        int partition = log.partition();
        for (long timestamp : new long[] {10, 20, 20, 5, 1000, 30, 40}) {
            log.append(partition, timestamp, "x", "y");
        }
        PartitionBounds bounds = log.bounds(partition);

        assertThat(log.reader.offsetOf(partition, 0, bounds)).isZero();
        assertThat(log.reader.offsetOf(partition, 10, bounds)).isZero();
        assertThat(log.reader.offsetOf(partition, 11, bounds)).isEqualTo(2);
        assertThat(log.reader.offsetOf(partition, 21, bounds)).isEqualTo(8);
        assertThat(log.reader.offsetOf(partition, 1000, bounds)).isEqualTo(8);
        assertThat(log.reader.offsetOf(partition, 1001, bounds)).isEqualTo(14);
    }

    @Test
    void aTimestampIsNotFoundBeforeTheStartOfThePartition() throws Exception {
        int partition = log.partition();
        for (long timestamp : new long[] {10, 1000, 30, 40, 50}) {
            log.append(partition, timestamp, "x", "y");
        }
        log.jdbc
                .sql("update millrace.partition_head set start_offset = 4 where partition_id = :id")
                .param("id", partition)
                .update();

        assertThat(log.reader.offsetOf(partition, 35, log.bounds(partition))).isEqualTo(6);
    }

    private void awaitBlockedVictim() {
        org.awaitility.Awaitility.await().until(() -> !log.jdbc
                .sql("select pid from pg_stat_activity where application_name = 'millrace victim' and wait_event_type ="
                        + " 'Lock'")
                .query(Integer.class)
                .list()
                .isEmpty());
    }

    private void endVictim() {
        org.awaitility.Awaitility.await().until(() -> !log.jdbc
                .sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name ="
                        + " 'millrace victim' and wait_event_type = 'Lock'")
                .query(Boolean.class)
                .list()
                .isEmpty());
    }
}
