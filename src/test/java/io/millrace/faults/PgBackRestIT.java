package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.HubClient;
import io.millrace.testing.Hub;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * The configuration and the commands of {@code docs/backup.md} for a PostgreSQL of one's own: a full backup, an
 * incremental one and the archived WAL, restored to a time between two records.
 */
@EnabledIf("io.millrace.faults.ArchivedServer#toolsAreInstalled")
@ExtendWith(OutputCaptureExtension.class)
class PgBackRestIT {

    private static final int KEPT = 9;

    @Test
    void aRestoreToATimeHasEverythingThatWasStoredBeforeItAndReadersOfTheRestAreReset(CapturedOutput output)
            throws Exception {
        RestoredLog log = new RestoredLog(KEPT);
        try (ArchivedServer server = ArchivedServer.start()) {
            String cursor;
            String time;
            server.runPage("stanza-create");
            try (Hub hub = Hub.start(server.database())) {
                HubClient client = hub.client();
                log.produceKept(client, 0, 3);
                server.runPage("--type=full");
                log.produceKept(client, 3, 6);
                server.runPage("--type=incr");
                log.produceKept(client, 6, KEPT);
                log.commit(client, "orders", 7);
                time = server.time();

                cursor = log.produceAndRead(client, "lost", 3);
                log.commit(client, "orders", 11);
            }
            server.stop();
            server.runPage("--type=time", time);
            server.startAgain();

            try (Hub hub = Hub.start(server.database())) {
                HubClient client = hub.client();
                // One more than were lost: a reader that was told nothing would begin with the last of them.
                log.produce(client, "new", 4);
                log.check(client, cursor, "new", 4);
                assertThat(log.committed(client, "orders")).isEqualTo(7);
            }
        }
        assertThat(output)
                .contains("Another PostgreSQL server leads now (timeline 2, before 1): 1 partitions begin epoch 1.");
    }
}
