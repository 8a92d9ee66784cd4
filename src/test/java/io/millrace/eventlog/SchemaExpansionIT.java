package io.millrace.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.DebianPostgres;
import io.millrace.testing.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Schema changes that a newer release may make while hubs of this one run, with their connections open and their
 * statements prepared: docs/decisions/0019-schema-and-upgrades.md.
 */
class SchemaExpansionIT {

    private static final int NO_LIMIT = 1_000_000;

    private static final List<String> EXPANSIONS = List.of(
            "alter table millrace.record_batch add column later bigint[]",
            "alter table millrace.record_batch add column latest int not null default 7",
            "alter table millrace.partition_head add column later bigint not null default 0",
            "create table millrace.later (partition_id int primary key)",
            "create index on millrace.record_batch_1 (partition_id, high_timestamp)",
            """
            create or replace function millrace.last_batch(in_partition_id int, first_segment int)
            returns table (last_offset bigint, high_timestamp bigint) language sql stable as $$
                select max(b.last_offset), max(b.high_timestamp)
                  from millrace.record_batch b
                 where b.partition_id = in_partition_id and b.segment >= first_segment
            $$
            """);

    @Test
    void openWritersAndReadersSurviveAdditionsOfANewerRelease() throws Exception {
        check(new TestLog(TestPostgres.newDatabase()));
    }

    @Test
    @EnabledIf("io.millrace.testing.DebianPostgres#installed")
    void openWritersAndReadersSurviveAdditionsOnTheOldestVersion() throws Exception {
        check(new TestLog(DebianPostgres.newDatabase()));
    }

    private static void check(TestLog log) throws Exception {
        int partition = log.partition();
        try (LogWriter writer = log.writers.open("of the release before")) {
            writer.append(List.of(TestLog.batch(partition, 1, "0")));
            for (String expansion : EXPANSIONS) {
                log.jdbc.sql(expansion).update();
                long next = log.bounds(partition).end();

                assertThat(writer.append(List.of(TestLog.batch(partition, 1, "" + next))))
                        .as(expansion)
                        .containsExactly(new Verdict.Stored(next));
                assertThat(TestLog.records(log.reader.read(partition, next, NO_LIMIT, NO_LIMIT)))
                        .containsExactly(next + "=" + next);
            }
        }
        assertThat(TestLog.records(log.reader.read(partition, 0, NO_LIMIT, NO_LIMIT)))
                .containsExactly("0=0", "1=1", "2=2", "3=3", "4=4", "5=5", "6=6");
    }
}
