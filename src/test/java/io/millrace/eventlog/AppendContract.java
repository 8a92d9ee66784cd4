package io.millrace.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for every {@link AppendLog}: PostgreSQL's, and the one by which the lanes are tested. */
abstract class AppendContract {

    /** What a test does with the log. */
    @FunctionalInterface
    interface Act {
        void run() throws Exception;
    }

    abstract AppendLog appendLog();

    /** Empty partitions that nobody else uses; their ids, ascending. */
    abstract List<Integer> newPartitions(int count);

    abstract void deletePartition(int partitionId);

    /** Where the partition's next record goes. */
    abstract long endOf(int partitionId);

    /** Acts while every transaction with records for this partition is refused. */
    abstract void whileRefusing(int partitionId, Act act) throws Exception;

    /** Acts, once, with the connection breaking while the answer to an append to this partition is awaited. */
    abstract void whileBreaking(int partitionId, Act act) throws Exception;

    @Test
    void offsetsGoOnWithoutAGapWhoeverAppends() throws Exception {
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
    void eachSliceHasItsOwnVerdictAndAPartitionThatIsGoneKeepsNoOtherFromIt() throws Exception {
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
    void ofATransactionThatIsRefusedNothingIsStored() throws Exception {
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
    void ofATransactionThatIsBrokenOffNobodyKnows() throws Exception {
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
