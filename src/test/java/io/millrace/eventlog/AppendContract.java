package io.millrace.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The contract of every {@link AppendLog}: PostgreSQL's, and the fake one of the lanes' tests. */
abstract class AppendContract {

    /** A test's action on the log. */
    @FunctionalInterface
    interface Act {
        void run() throws Exception;
    }

    abstract AppendLog appendLog();

    /** Creates empty partitions for this test only; returns their ids, ascending. */
    abstract List<Integer> newPartitions(int count);

    abstract void deletePartition(int partitionId);

    /** The offset of the partition's next record. */
    abstract long endOf(int partitionId);

    /** Acts while all transactions with records for this partition are refused. */
    abstract void whileRefusing(int partitionId, Act act) throws Exception;

    /** Acts, and breaks the connection once while it waits for the answer to an append to this partition. */
    abstract void whileBreaking(int partitionId, Act act) throws Exception;

    @Test
    void offsetsContinueWithoutAGapAcrossWriters() throws Exception {
        int partition = newPartitions(1).getFirst();

        try (AppendLog.Writer one = appendLog().open("one");
                AppendLog.Writer other = appendLog().open("other")) {
            assertThat(one.append(List.of(slice(partition, "a", "b", "c")))).containsExactly(new Verdict.Stored(0));
            assertThat(other.append(List.of(slice(partition, "d")))).containsExactly(new Verdict.Stored(3));
            assertThat(one.append(List.of(slice(partition, "e")))).containsExactly(new Verdict.Stored(4));
        }

        assertThat(endOf(partition)).isEqualTo(5);
    }

    @Test
    void eachSliceHasItsOwnVerdictAndAMissingPartitionDoesNotAffectTheOthers() throws Exception {
        List<Integer> partitions = newPartitions(3);
        deletePartition(partitions.get(1));

        try (AppendLog.Writer writer = appendLog().open("test")) {
            assertThat(writer.append(List.of(
                            slice(partitions.get(0), "a", "b"),
                            slice(partitions.get(1), "c"),
                            slice(partitions.get(2), "d"))))
                    .containsExactly(new Verdict.Stored(0), new Verdict.Gone(), new Verdict.Stored(0));
        }
        assertThat(endOf(partitions.get(0))).isEqualTo(2);
        assertThat(endOf(partitions.get(2))).isEqualTo(1);
    }

    @Test
    void aRefusedTransactionStoresNothing() throws Exception {
        List<Integer> partitions = newPartitions(2);

        try (AppendLog.Writer writer = appendLog().open("test")) {
            whileRefusing(partitions.get(1), () -> assertThatExceptionOfType(AppendFailedException.class)
                    .isThrownBy(
                            () -> writer.append(List.of(slice(partitions.get(0), "a"), slice(partitions.get(1), "b"))))
                    .satisfies(failure -> assertThat(failure.outcomeUnknown()).isFalse()));
        }

        assertThat(partitions).extracting(this::endOf).containsExactly(0L, 0L);
    }

    @Test
    void aBrokenConnectionLeavesTheOutcomeUnknown() throws Exception {
        int partition = newPartitions(1).getFirst();

        try (AppendLog.Writer writer = appendLog().open("victim")) {
            assertThat(writer.alive()).isTrue();
            whileBreaking(partition, () -> assertThatExceptionOfType(AppendFailedException.class)
                    .isThrownBy(() -> writer.append(List.of(slice(partition, "a"))))
                    .satisfies(failure -> assertThat(failure.outcomeUnknown()).isTrue()));

            assertThat(writer.alive()).isFalse();
        }
        try (AppendLog.Writer next = appendLog().open("next")) {
            next.tryRoom();
            long end = endOf(partition);
            assertThat(next.append(List.of(slice(partition, "b")))).containsExactly(new Verdict.Stored(end));
        }
    }

    static Slice slice(int partitionId, String... values) {
        byte[][] bytes = Stream.of(values)
                .map(value -> value.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        int size = Stream.of(bytes).mapToInt(value -> value.length).sum();
        return new Slice(partitionId, new RecordColumns(new long[values.length], null, bytes, null, null, size));
    }
}
