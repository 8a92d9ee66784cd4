package io.millrace.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.eventlog.RecordBatch;
import io.millrace.eventlog.RecordColumns;
import io.millrace.rewrite.BatchMerger;
import io.millrace.rewrite.BatchSource;
import io.millrace.rewrite.StoredBatch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionCompactionTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration KEPT = Duration.ofDays(1);
    private static final int SMALL_MAP = 24 * 16;

    /** A record by its offset: {@code key=value}, without a key {@code =value}, a tombstone {@code key}. */
    private record Row(
            long offset, @Nullable String key, @Nullable String value) {}

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void equalsAMapOnRandomHistories(int seed) throws Exception {
        Random random = new Random(seed);
        int keys = 1 + random.nextInt(200);
        List<StoredBatch> log = new ArrayList<>();
        TreeMap<Long, Row> model = new TreeMap<>();
        long offset = random.nextInt(5);
        Instant now = NOW;
        for (int round = 0; round < 4; round++) {
            long start = round < 2 ? 0 : offset / 3;
            for (int batch = random.nextInt(60); batch >= 0; batch--) {
                List<Row> rows = new ArrayList<>();
                for (int i = random.nextInt(8); i >= 0; i--) {
                    rows.add(row(offset++, random, keys));
                }
                log.add(stored(rows));
                rows.forEach(row -> model.put(row.offset(), row));
            }
            long last = offset - 1;
            Map<Long, Instant> since = tombstones(log);
            compactModel(model, start, last, since, now);

            log = compact(log, terms(start, now), random.nextBoolean() ? 7 : 1 << 20);

            assertThat(rows(log)).as("seed %s, round %s", seed, round).isEqualTo(List.copyOf(model.values()));
            now = now.plus(KEPT.multipliedBy(random.nextInt(3)).dividedBy(2));
        }
    }

    private static void compactModel(
            TreeMap<Long, Row> model, long start, long last, Map<Long, Instant> since, Instant now) {
        Map<String, Long> newest = new LinkedHashMap<>();
        model.values().stream().filter(row -> row.key() != null).forEach(row -> newest.put(row.key(), row.offset()));
        model.values()
                .removeIf(row -> row.offset() != last
                        && (row.offset() < start
                                || (row.key() != null && newest.get(row.key()) != row.offset())
                                || (row.value() == null
                                        && since.containsKey(row.offset())
                                        && since.get(row.offset()).isBefore(now.minus(KEPT)))));
    }

    private static Map<Long, Instant> tombstones(List<StoredBatch> log) {
        Map<Long, Instant> since = new TreeMap<>();
        for (StoredBatch batch : log) {
            for (int i = 0; i < batch.batch().count(); i++) {
                if (batch.batch().value(i) == null && batch.compactedAt() != null) {
                    since.put(batch.batch().offset(i), batch.compactedAt());
                }
            }
        }
        return since;
    }

    @Test
    void theLastRecordStaysWhateverItIs() throws Exception {
        List<StoredBatch> log = List.of(stored(List.of(new Row(0, "a", "1"), new Row(1, "a", null))));
        List<StoredBatch> once = compact(log, terms(0, NOW), 100);
        assertThat(rows(once)).containsExactly(new Row(1, "a", null));

        Instant late = NOW.plus(KEPT.multipliedBy(2));
        List<StoredBatch> twice = compact(once, terms(0, late), 100);

        assertThat(rows(twice)).containsExactly(new Row(1, "a", null));
        assertThat(twice.getFirst().compactedAt())
                .as("else it would be due again, and again")
                .isNull();
        assertThat(rows(compact(once, new CompactionTerms(0, late, late.minus(KEPT), false), 100)))
                .as("if others come after it")
                .isEmpty();
    }

    @Test
    void whatIsLeftOfSmallBatchesIsOneBatchWithGaps() throws Exception {
        List<StoredBatch> log = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            log.add(stored(List.of(new Row(2 * i, "k" + i % 60, "v"), new Row(2 * i + 1, "x", "v"))));
        }

        List<StoredBatch> compacted = compact(log, terms(0, NOW), 100);

        assertThat(compacted).hasSize(1);
        RecordBatch batch = compacted.getFirst().batch();
        assertThat(batch.count()).isEqualTo(61);
        assertThat(batch.firstOffset()).isEqualTo(80);
        assertThat(batch.lastOffset()).isEqualTo(199);
        assertThat(batch.indexOf(81)).isEqualTo(1);
    }

    private static CompactionTerms terms(long start, Instant now) {
        return new CompactionTerms(start, now, now.minus(KEPT), true);
    }

    private static List<StoredBatch> compact(List<StoredBatch> log, CompactionTerms terms, int window)
            throws InterruptedException {
        List<StoredBatch> compacted = new ArrayList<>();
        new PartitionCompaction(new KeyMap(SMALL_MAP), window)
                .run(source(log), terms, new BatchMerger(7, compacted::add));
        return compacted;
    }

    private static BatchSource source(List<StoredBatch> log) {
        return new BatchSource() {
            @Override
            public long records() {
                return rows(log).size();
            }

            @Override
            public void read(BatchVisitor visitor) throws InterruptedException {
                for (StoredBatch batch : log) {
                    visitor.visit(batch);
                }
            }

            @Override
            public void scan(KeyVisitor visitor) {
                long ordinal = 0;
                for (StoredBatch batch : log) {
                    for (int i = 0; i < batch.batch().count(); i++) {
                        visitor.visit(ordinal++, batch.batch().key(i));
                    }
                }
            }
        };
    }

    private static Row row(long offset, Random random, int keys) {
        String key = random.nextInt(10) == 0 ? null : "k" + random.nextInt(keys);
        return new Row(offset, key, random.nextInt(5) == 0 && key != null ? null : "v" + random.nextInt());
    }

    private static StoredBatch stored(List<Row> rows) {
        byte[][] keys = rows.stream().map(row -> bytes(row.key())).toArray(byte[][]::new);
        byte[][] values = rows.stream().map(row -> bytes(row.value())).toArray(byte[][]::new);
        int size = 0;
        for (int i = 0; i < keys.length; i++) {
            size += (keys[i] == null ? 0 : keys[i].length) + (values[i] == null ? 0 : values[i].length);
        }
        RecordColumns columns = new RecordColumns(new long[keys.length], keys, values, null, null, size);
        return new StoredBatch(new RecordBatch(7, rows.getFirst().offset(), null, columns), NOW, 0, null);
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<Row> rows(List<StoredBatch> log) {
        List<Row> rows = new ArrayList<>();
        for (StoredBatch stored : log) {
            for (int i = 0; i < stored.batch().count(); i++) {
                rows.add(new Row(
                        stored.batch().offset(i),
                        text(stored.batch().key(i)),
                        text(stored.batch().value(i))));
            }
        }
        return rows;
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
