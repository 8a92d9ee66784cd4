package io.millrace.embeddedpostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowerIT {

    private static final Duration SECONDS = Duration.ofSeconds(30);
    private static final String NOTES = "select text from note order by text";

    private final Path home;

    FollowerIT(@TempDir Path home) {
        this.home = home;
    }

    @Test
    void followersHaveWhatThePrimaryWritesAndComeBackAfterTheirDeathAndItsDeath() throws Exception {
        try (EmbeddedPostgres primary = start(2)) {
            Notes notes = new Notes(primary);
            notes.add("1");
            awaitInSync(primary, 2);
            awaitNotes(primary, "1");

            kill(primary.followers().getFirst().pid());
            notes.add("2");
            awaitInSync(primary, 2);
            awaitNotes(primary, "1", "2");

            kill(primary.pid());
            await().atMost(SECONDS).ignoreExceptions().until(() -> notes.all().size() == 2);
            notes.add("3");
            awaitInSync(primary, 2);
            awaitNotes(primary, "1", "2", "3");
        }
    }

    @Test
    void aRestartKeepsTheCopyAndOneFollowerLessLeavesNothingOfIt() throws Exception {
        try (EmbeddedPostgres primary = start(1)) {
            new Notes(primary).add("1");
            awaitInSync(primary, 1);
        }
        Path marked = Files.createFile(home.resolve("follower_1/pgdata/marked"));

        try (EmbeddedPostgres primary = start(1)) {
            new Notes(primary).add("2");
            awaitInSync(primary, 1);
            awaitNotes(primary, "1", "2");
        }
        assertThat(marked).exists();

        try (EmbeddedPostgres primary = start(0)) {
            assertThat(query(primary.jdbcUrl(), primary, "select slot_name from pg_replication_slots"))
                    .isEmpty();
        }
        assertThat(home.resolve("follower_1")).doesNotExist();
    }

    @Test
    void aCopyThatCannotFollowIsReplaced() throws Exception {
        try (EmbeddedPostgres primary = start(1)) {
            awaitInSync(primary, 1);
        }
        // The slot kept the WAL that the copy lacks.
        try (EmbeddedPostgres primary = start(1)) {
            primary.followers().getFirst().close();
            await().atMost(SECONDS).ignoreExceptions().until(() -> {
                query(primary.jdbcUrl(), primary, "select pg_drop_replication_slot('follower_1')");
                return true;
            });
        }
        Path marked = Files.createFile(home.resolve("follower_1/pgdata/marked"));

        try (EmbeddedPostgres primary = start(1)) {
            new Notes(primary).add("1");
            awaitInSync(primary, 1);
            awaitNotes(primary, "1");
        }
        assertThat(marked).doesNotExist();
    }

    @Test
    void aCopyOfWhatARestoreHasReplacedIsReplaced(@TempDir Path backups) throws Exception {
        Files.createSymbolicLink(home.resolve("postgres"), Files.createDirectories(TestPostgres.unpacked()));
        try (EmbeddedPostgres primary = start(1)) {
            new Notes(primary).add("1");
            Backup.make(home, backups.resolve("backup"), "1");
            new Notes(primary).add("lost");
            awaitInSync(primary, 1);
        }

        Restore.into(backups.resolve("backup"), home, true);

        try (EmbeddedPostgres primary = start(1)) {
            new Notes(primary).add("2");
            awaitInSync(primary, 1);
            awaitNotes(primary, "1", "2");
        }
    }

    @Test
    void moreThanTwoAreRefused() {
        assertThatThrownBy(() -> EmbeddedPostgresProperties.defaults().withFollowers(3))
                .hasMessageContaining("millrace.embedded-postgres.followers is not a number from 0 to 2: 3");
    }

    private EmbeddedPostgres start(int followers) {
        return EmbeddedPostgres.start(
                home,
                TestPostgres.unpacked(),
                EmbeddedPostgresProperties.defaults().withFollowers(followers));
    }

    private static void awaitInSync(EmbeddedPostgres primary, int number) {
        await().atMost(SECONDS)
                .ignoreExceptions()
                .until(() -> query(
                                        primary.jdbcUrl(),
                                        primary,
                                        "select application_name from pg_stat_replication where sync_state = 'quorum'")
                                .size()
                        == number);
    }

    private static void awaitNotes(EmbeddedPostgres primary, String... notes) {
        for (Follower follower : primary.followers()) {
            await().atMost(SECONDS).ignoreExceptions().until(() -> query(
                            follower.jdbcUrl(Launcher.DATABASE), primary, NOTES)
                    .equals(List.of(notes)));
        }
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    private static List<String> query(String url, EmbeddedPostgres server, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, server.username(), server.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }
}
