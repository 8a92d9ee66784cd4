package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.client.HubClient;
import io.millrace.client.RecordCalls.Following;
import io.millrace.client.RefusedException;
import io.millrace.embeddedpostgres.Backup;
import io.millrace.embeddedpostgres.EmbeddedPostgres;
import io.millrace.embeddedpostgres.EmbeddedPostgresProperties;
import io.millrace.embeddedpostgres.Restore;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * A hub loses what was stored after its backup. Its readers hear of that, and none of them misses the records that get
 * the same offsets later; not even when the same backup is restored twice.
 */
@ExtendWith(OutputCaptureExtension.class)
class RestoreIT {

    @TempDir
    private Path directory;

    @Test
    void readersOfRecordsThatARestoreLosesAreResetEachTime(CapturedOutput output) throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        Files.createSymbolicLink(home.resolve("postgres"), Files.createDirectories(TestPostgres.unpacked()));
        Path backup = directory.resolve("backup");
        RestoredLog log = new RestoredLog(5);
        String cursor;
        try (EmbeddedPostgres server = start(home);
                Hub hub = hub(server)) {
            HubClient client = hub.client();
            log.produceKept(client, 0, 5);
            log.commit(client, "orderly", 3);
            log.commit(client, "lost", 5);

            Backup.make(home, backup, "1");

            cursor = log.produceAndRead(client, "first", 3);
            log.commit(client, "lost", 8);
        }

        Restore.into(backup, home, true);
        try (EmbeddedPostgres server = start(home);
                Hub hub = hub(server)) {
            // One more than were lost: a reader that was told nothing would begin with the last of them.
            log.produce(hub.client(), "second", 4);
            String old = cursor;
            assertThatThrownBy(() -> hub.client().records().follow(RestoredLog.TOPIC, failing(old)))
                    .isInstanceOfSatisfying(RefusedException.class, refusal -> assertThat(refusal.code())
                            .isEqualTo("cursor_expired"));
            cursor = log.check(hub.client(), old, "second", 4);
            assertThat(log.committed(hub.client(), "orderly")).isEqualTo(3);
            assertThat(log.committed(hub.client(), "lost")).isEqualTo(5);
        }
        assertThat(output)
                .contains("The data were restored from a backup: PostgreSQL begins a new timeline with them")
                .contains("Another PostgreSQL server leads now (timeline 2, before 1): 1 partitions begin epoch 1.");

        Restore.into(backup, home, true);
        try (EmbeddedPostgres server = start(home);
                Hub hub = hub(server)) {
            log.produce(hub.client(), "third", 5);
            log.check(hub.client(), cursor, "third", 5);
        }
        assertThat(output)
                .contains("Another PostgreSQL server leads now (timeline 3, before 1): 1 partitions begin epoch 2.");
    }

    private static Following failing(String cursor) {
        return new Following(null, List.of(), "fail", cursor);
    }

    private static EmbeddedPostgres start(Path home) {
        return EmbeddedPostgres.start(home, EmbeddedPostgresProperties.defaults());
    }

    private static Hub hub(EmbeddedPostgres server) {
        return Hub.start(new TestDatabase(server.jdbcUrl(), server.username(), server.password()));
    }
}
