package io.millrace.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.SqlFiles;
import io.millrace.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.unit.DataSize;

/**
 * The plans of the statements that decisions rest on, in {@code src/test/resources/plans}: reads and appends touch only
 * the segments they need, and rows are locked in the order of their keys. To accept new plans: {@code mvn verify
 * -Dit.test=PlansIT -Dplans=apply}.
 */
class PlansIT {

    private static final Path GOLDEN = Path.of("src/test/resources/plans");
    private static final int SEGMENTS = 4;
    private static final int PARTITIONS = 2_000;
    private static final int READ = 7;
    private static final Pattern LOCKS = Pattern.compile("\\bfor update\\b");

    private static TestLog log;

    /** A file, and for each statement in it the arguments in the order of its placeholders. */
    private enum Case {
        APPEND("eventlog/append-batches", "array[3, 1, 2]", batch(1) + ", " + batch(2)),
        READ_FROM_THE_FIRST_SEGMENT("eventlog/select-batches", "7, 0, 0, 10, 1000000"),
        READ_FROM_THE_LAST_SEGMENT("eventlog/select-batches", "7, 700, 0, 10, 1000000"),
        BOUNDS("eventlog/select-bounds", "array[1, 2, 3]"),
        SEGMENT_STARTS("eventlog/select-segment-starts", "7"),
        LOCK_PARTITIONS("eventlog/lock-partitions", "array[3, 1, 2]"),
        COUNT_BATCHES("segment/count-batches", "2, 0, 2, 2, 2"),
        DELETE_DEAD_STARTS("segment/delete-dead-starts", ""),
        DELETE_STARTS("eventlog/delete-partitions", "array[3, 1, 2], array[3, 1, 2], array[3, 1, 2], array[3, 1, 2]"),
        HEADS_BEHIND("eventlog/lock-heads-behind", ""),
        MOVE_HEADS("eventlog/move-heads", "array[1, 2, 3]"),
        COMMIT_OFFSETS(
                "group/commit-offsets",
                "array[0, 1], array['g1', 'g2'], array['m1', 'm1'], array[1, 1], array[2, 1], array[1, 1], array[1, 1],"
                        + " array[5, 5], array[null, null], 6000"),
        CLAMP_OFFSETS("group/clamp-offsets", "1"),
        RAISE_GROUP_EPOCHS("group/raise-group-epochs", ""),
        RAISE_EPOCHS("eventlog/raise-epochs", "2, 2, 4"),
        UPDATE_OWNERS(
                "group/update-owners", "array[2, 1], array['m', 'm'], array[2, 2], array[null, null]::bigint[], 1, 1"),
        DELETE_OFFSETS("group/delete-offsets", "1, array[2, 1], 1"),
        TOUCH_MEMBER("group/touch-member", "'g1', 'm1', 1000"),
        LOCK_GROUP("group/lock-group", "6000, 'g1'"),
        TOUCH_BASES("cursor/touch-bases", "array[decode('00', 'hex')]"),
        DELETE_OLD_BASES("cursor/delete-old-bases", "86400"),
        DELETE_EXCESS_BASES("cursor/delete-excess-bases", "1000000");

        private final String statement;
        private final List<String> arguments;

        Case(String statement, String... arguments) {
            this.statement = statement;
            this.arguments = List.of(arguments);
        }

        private static String batch(int partition) {
            return partition + ", 1, 1, 1, array[1], null, array['x'::bytea], null, null";
        }

        private Path golden() {
            return GOLDEN.resolve(name().toLowerCase(Locale.ROOT).replace('_', '-') + ".txt");
        }
    }

    @BeforeAll
    static void fill() throws Exception {
        log = new TestLog(TestPostgres.newDatabase());
        List<Integer> partitions = log.partitions.create(PARTITIONS);
        SegmentRoller roller = new SegmentRoller(
                log.jdbc,
                log.connections,
                new SegmentProperties(
                        DataSize.ofBytes(1), Duration.ofDays(1), SegmentCompression.NONE, Duration.ofDays(1)));
        try (LogWriter writer = log.writers.open("filler")) {
            for (int segment = 1; segment <= SEGMENTS; segment++) {
                writer.append(partitions.stream()
                        .map(partition -> TestLog.batch(partition, 1, "1"))
                        .toList());
                for (int i = 0; i < 200; i++) {
                    writer.append(List.of(TestLog.batch(READ, 1, "1")));
                }
                if (segment < SEGMENTS) {
                    roller.round();
                }
            }
        }
        log.jdbc
                .sql("insert into millrace.consumer_group (name) select 'g' || i from generate_series(1, 1000) i")
                .update();
        log.jdbc
                .sql("insert into millrace.group_member (group_id, member_id, protocol, expires_at, session_timeout_ms,"
                        + " topics, joined_from, epoch) select group_id, 'm' || i, 'rest', millrace.now(), 1000, '{t}',"
                        + " 'latest', 1 from millrace.consumer_group, generate_series(1, 100) i where group_id <= 100")
                .update();
        log.jdbc
                .sql("insert into millrace.committed_offset (group_id, partition_id, topic, partition, next_offset,"
                        + " owner) select group_id, i, 't', i, 0, 'm' from millrace.consumer_group,"
                        + " generate_series(1, 100) i where group_id <= 100")
                .update();
        log.jdbc
                .sql("insert into millrace.cursor_base (cursor_id, positions)"
                        + " select decode(md5(i::text), 'hex'), '' from generate_series(1, 2000) i")
                .update();
        log.jdbc
                .sql("insert into millrace.replicated_end select i, 1 from generate_series(1, 2000) i")
                .update();
        log.jdbc
                .sql("insert into millrace.partition_epoch select i, 1, 1 from generate_series(1, 2000) i")
                .update();
        log.jdbc.sql("analyze").update();
    }

    @ParameterizedTest
    @EnumSource
    void isAsRecorded(Case planned) throws Exception {
        String plan = plan(log, planned, SEGMENTS);
        if ("apply".equals(System.getProperty("plans"))) {
            Files.createDirectories(GOLDEN);
            Files.writeString(planned.golden(), plan);
        }

        assertThat(plan).isEqualTo(Files.readString(planned.golden()));
    }

    /** A lane plans it once, maybe when there are few partitions, and keeps the plan when there are thousands. */
    @Test
    void anAppendIsPlannedTheSameWhileThereIsLittle() throws Exception {
        TestLog small = new TestLog(TestPostgres.newDatabase());
        small.partitions.create(40);
        small.append(1, 1, "1");
        small.jdbc.sql("analyze").update();

        assertThat(plan(small, Case.APPEND, 1))
                .isEqualTo(plan(log, Case.APPEND, SEGMENTS)
                        .replace("record_batch_4", "record_batch_1")
                        .replace(">= 4", ">= 1"));
    }

    @Test
    void everyStatementThatLocksRowsIsAmongThem() throws Exception {
        Set<String> locking = new TreeSet<>();
        for (Path file : SqlFiles.all()) {
            if (SqlFiles.statements(Files.readString(file)).stream()
                    .anyMatch(sql -> LOCKS.matcher(sql).find())) {
                locking.add(SqlFiles.ROOT.relativize(file).toString().replace(".sql", ""));
            }
        }

        assertThat(Stream.of(Case.values()).map(planned -> planned.statement)).containsAll(locking);
    }

    private static String plan(TestLog log, Case planned, int firstSegment) throws Exception {
        List<String> plans = new ArrayList<>();
        try (Connection connection = log.connection();
                Statement statement = connection.createStatement()) {
            if (planned == Case.APPEND) {
                statement.execute(LogWriters.SETTINGS);
            }
            List<String> statements = statements(planned, firstSegment);
            for (int i = 0; i < statements.size(); i++) {
                String sql = SqlFiles.positional(statements.get(i));
                statement.execute("prepare planned as " + sql);
                plans.add(SqlFiles.plan(statement, "costs off", "planned", planned.arguments.get(i)));
                statement.execute("deallocate planned");
            }
        }
        return String.join("\n", plans);
    }

    private static List<String> statements(Case planned, int firstSegment) throws Exception {
        String text = Files.readString(SqlFiles.ROOT.resolve(planned.statement + ".sql"));
        String[] parts = text.split(Pattern.quote("/*row*/"));
        String all = parts.length == 1 ? text : parts[0] + parts[1] + ", " + parts[1] + parts[2];
        SegmentStarts.Place place = planned == Case.READ_FROM_THE_FIRST_SEGMENT
                ? new SegmentStarts.Place(1, 1, 1, 0)
                : new SegmentStarts.Place(firstSegment, Integer.MAX_VALUE, Long.MAX_VALUE, 0);
        return SqlFiles.statements(LogReader.within(place, all));
    }
}
