package io.millrace.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.time.SettableTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class BasesIT {

    private static final int SCOPE = 7;
    private static final int PARTITIONS = 10_000;

    private static Hub hub;
    private static JdbcClient jdbc;

    private final SettableTicker ticker = SettableTicker.standing();
    private final Bases here = node();
    private final Bases there = node();

    @BeforeAll
    static void start() {
        TestDatabase database = TestPostgres.newDatabase();
        hub = Hub.start(database, "millrace.cursors.retention=1h", "millrace.cursors.max-stored=400KB");
        jdbc = hub.bean(JdbcClient.class);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @BeforeEach
    void empty() {
        jdbc.sql("delete from millrace.cursor_base").update();
    }

    private Bases node() {
        return new Bases(hub.bean(BaseStore.class), new BaseCache(100_000), ticker);
    }

    @Test
    void anotherNodeFindsABaseAndTheBasesItBuildsOn() {
        List<Base> stored = moving(2 * Bases.LONGEST_CHAIN + 10);
        for (Base base : stored) {
            assertThat(there.find(SCOPE, base.id()).orElseThrow().positions()).isEqualTo(base.positions());
        }
        assertThat(there.find(SCOPE + 1, stored.getLast().id())).isEmpty();
        assertThat(there.find(SCOPE, "00".repeat(Base.ID_BYTES))).isEmpty();
        assertThat(count("parent_id is null")).isEqualTo(3);
    }

    /** 200 of 10,000 partitions move between one base and the next: the stored bytes are proportional to those 200. */
    @Test
    void aReaderThatMovesOnStoresLittle() {
        int bases = 130;
        moving(bases);
        long bytes = jdbc.sql("select sum(octet_length(positions)) from millrace.cursor_base")
                .query(Long.class)
                .single();
        assertThat(bytes / (bases * 200L))
                .as("bytes for each partition that moved")
                .isLessThan(10);
    }

    @Test
    void equalPositionsAreStoredOnce() {
        Positions same = positions(0);
        Base first = here.store(SCOPE, same, null);
        Base second = there.store(SCOPE, same, null);
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(count("true")).isEqualTo(1);
    }

    @Test
    void readersNearEachOtherShareABase() {
        Base first = here.nearOrNew(SCOPE, positions(0), null, 100);
        Positions near = moved(first.positions(), 0, 99);
        assertThat(here.nearOrNew(SCOPE, near, null, 100)).isSameAs(first);
        assertThat(here.tryNearOrNew(SCOPE, near, null, 100)).isSameAs(first);
        Base other = here.nearOrNew(SCOPE, moved(first.positions(), 0, 100), null, 100);
        assertThat(other).isNotSameAs(first);
        assertThat(here.near(SCOPE, new Positions(new int[] {1}, new long[] {1}), 100))
                .as("of other partitions")
                .isNull();
    }

    @Test
    void usedBasesStayAndUnusedOnesAreDeleted() {
        Base used = moving(3).getLast();
        Base unused = here.store(SCOPE, positions(50), null);
        jdbc.sql("update millrace.cursor_base set used_at = used_at - interval '4 hours'")
                .update();
        ticker.advance(Duration.ofHours(4));
        assertThat(here.keep(used)).isTrue();

        hub.bean(BaseStore.class).sweep();

        assertThat(there.find(SCOPE, used.id())).isPresent();
        assertThat(there.find(SCOPE, unused.id())).isEmpty();
        assertThat(here.find(SCOPE, unused.id())).as("known here").isEmpty();
        assertThat(here.keep(unused)).isFalse();
        assertThat(count("true")).isEqualTo(3);
    }

    @Test
    void beyondTheMaximumSizeTheLeastRecentlyUsedAreDeleted() {
        List<Base> stored = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            stored.add(here.store(SCOPE, positions(1000 * i), null));
        }
        hub.bean(BaseStore.class).sweep();
        long left = count("true");
        assertThat(left).isBetween(10L, 19L);
        for (int i = 0; i < 20; i++) {
            assertThat(there.find(SCOPE, stored.get(i).id()).isPresent()).isEqualTo(i >= 20 - left);
        }
    }

    @Test
    void aBaseWithoutItsParentIsGone() {
        Base child = moving(2).getLast();
        jdbc.sql("delete from millrace.cursor_base where parent_id is null").update();
        assertThat(there.find(SCOPE, child.id())).isEmpty();
    }

    /** Stores bases one after another, with 200 partitions moved between them. */
    private List<Base> moving(int count) {
        List<Base> stored = new ArrayList<>();
        Positions now = positions(0);
        for (int i = 0; i < count; i++) {
            stored.add(here.store(SCOPE, now, stored.isEmpty() ? null : stored.getLast()));
            now = moved(now, 200 * i, 200);
        }
        return stored;
    }

    private static Positions positions(long base) {
        return new Positions(
                IntStream.range(0, PARTITIONS).toArray(),
                IntStream.range(0, PARTITIONS)
                        .mapToLong(i -> base + 31L * i % 1000)
                        .toArray());
    }

    private static Positions moved(Positions old, int first, int count) {
        long[] offsets = Arrays.copyOf(old.nextOffsets(), PARTITIONS);
        for (int i = 0; i < count; i++) {
            offsets[(first + i) * 7 % PARTITIONS]++;
        }
        return new Positions(old.keys(), offsets);
    }

    private static long count(String condition) {
        return jdbc.sql("select count(*) from millrace.cursor_base where " + condition)
                .query(Long.class)
                .single();
    }
}
