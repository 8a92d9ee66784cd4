package io.millrace.embeddedpostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of servers that run and of those that do not, restored and started; {@link DamagedBackupIT} has the rest. */
class BackupIT {

    private static final String VERSION = "1.2.3";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    @Test
    void aBackupUnderWritesHasEverythingThatWasStoredBeforeItAndNoHole() throws Exception {
        Path home = home("first");
        BackupInfo info;
        int before;
        try (EmbeddedPostgres server = start("first")) {
            AtomicInteger stored = new AtomicInteger();
            AtomicBoolean enough = new AtomicBoolean();
            AtomicLong slots = new AtomicLong();
            Notes notes = new Notes(server);
            notes.add("0");
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                while (!enough.get()) {
                    try {
                        notes.add(Integer.toString(stored.get() + 1));
                        stored.incrementAndGet();
                        slots.accumulateAndGet(slots(server), Math::max);
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                }
            });
            before = stored.get();

            info = Backup.make(home, directory.resolve("backup"), VERSION);

            enough.set(true);
            writer.join();
            // It kept the WAL for as long as the copy took.
            assertThat(slots).hasValue(1);
            assertThat(slots(server)).isZero();
        }

        checkAccessAndSums(directory.resolve("backup"));
        Restore.Restored restored = Restore.into(directory.resolve("backup"), home("second"), false);

        assertThat(restored).isEqualTo(new Restore.Restored(info, null));
        try (EmbeddedPostgres server = start("second")) {
            List<String> kept = new Notes(server).all();
            assertThat(kept).hasSizeGreaterThanOrEqualTo(before).isEqualTo(upTo(kept.size()));
            assertThat(timeline(server)).isEqualTo(2);
        }
        assertThat(info.wal().timeline()).isEqualTo(1);
        assertThat(info.hubVersion()).isEqualTo(VERSION);
    }

    @Test
    void everyRestoreOfOneBackupBeginsAnotherTimelineAndKeepsWhatItReplaces() throws Exception {
        Path home = home("home");
        Path backup = backupOfAStoppedServer("kept");
        try (EmbeddedPostgres server = start("home")) {
            new Notes(server).add("lost");
        }

        for (int timeline = 2; timeline <= 3; timeline++) {
            Restore.Restored restored = Restore.into(backup, home, true);

            assertThat(restored.replaced()).isEqualTo(home.resolve("replaced-" + (timeline - 1)));
            try (EmbeddedPostgres server = start("home")) {
                assertThat(new Notes(server).all()).containsExactly("kept");
                assertThat(timeline(server)).isEqualTo(timeline);
            }
        }
        Path first = home("as before");
        Files.move(home.resolve("replaced-1/pgdata"), first.resolve("pgdata"));
        Files.move(home.resolve("replaced-1/postgres.password"), first.resolve("postgres.password"));
        try (EmbeddedPostgres server = start("as before")) {
            assertThat(new Notes(server).all()).containsExactly("kept", "lost");
            assertThat(timeline(server)).isEqualTo(1);
        }
    }

    @Test
    void aKilledServerIsStartedForItsBackupAndSoIsARestoredOne() throws Exception {
        Path home = home("home");
        // Restarted after two seconds.
        EmbeddedPostgresProperties slowly = new EmbeddedPostgresProperties(MINUTE, MINUTE, Duration.ofSeconds(100), 0);
        try (EmbeddedPostgres killed = EmbeddedPostgres.start(home, slowly)) {
            new Notes(killed).add("replayed");
            ProcessHandle postmaster = ProcessHandle.of(killed.pid()).orElseThrow();
            postmaster.destroyForcibly();
            postmaster.onExit().join();
        }
        assertThat(home.resolve("pgdata/postmaster.pid")).exists();

        Backup.make(home, directory.resolve("one"), VERSION);
        Restore.into(directory.resolve("one"), home("second"), false);
        BackupInfo info = Backup.make(home("second"), directory.resolve("two"), VERSION);
        Restore.into(directory.resolve("two"), home("third"), false);

        assertThat(info.wal().timeline()).isEqualTo(2);
        try (EmbeddedPostgres server = start("third")) {
            assertThat(new Notes(server).all()).containsExactly("replayed");
            assertThat(timeline(server)).isEqualTo(3);
        }
    }

    @Test
    void whereThereIsNothingToCopyNothingIsLeft() throws Exception {
        Path backup = directory.resolve("backup");

        assertThatThrownBy(() -> Backup.make(directory.resolve("nowhere"), backup, VERSION))
                .hasMessage(directory.resolve("nowhere") + " has no data of an embedded PostgreSQL");
        assertThatThrownBy(() -> Backup.make(home("empty"), backup, VERSION))
                .hasMessage(directory.resolve("empty") + " has no data of an embedded PostgreSQL");
        assertThatThrownBy(() -> Backup.make(directory, directory.resolve("no/parent"), VERSION))
                .hasMessage(directory.resolve("no") + " does not exist");
        assertThatThrownBy(() -> Backup.make(directory, directory.resolve("pgdata/backup"), VERSION))
                .hasMessage(directory.resolve("pgdata/backup") + " is in the data that is copied");
        Files.createDirectory(directory.resolve("backup.unfinished"));
        assertThatThrownBy(() -> Backup.make(directory.resolve("empty"), backup, VERSION))
                .hasMessageContaining("backup.unfinished exists: another backup is under way there, or was killed");

        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("empty", "backup.unfinished");
        }
    }

    /** It is for its owner alone, and tools without Millrace can check it. */
    private static void checkAccessAndSums(Path backup) throws Exception {
        try (Stream<Path> files = Files.walk(backup)) {
            for (Path file : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
            }
        }
        Command.Result checked = Command.run(
                List.of("sh", "-c", "cd " + backup + " && sha256sum --check --quiet --strict SHA256SUMS"), MINUTE);
        assertThat(checked).isEqualTo(new Command.Result(0, ""));
    }

    /** With one note. The home is {@code home}. */
    private Path backupOfAStoppedServer(String note) throws Exception {
        Path home = home("home");
        try (EmbeddedPostgres server = start("home")) {
            new Notes(server).add(note);
        }
        Path backup = directory.resolve("backup");
        Backup.make(home, backup, VERSION);
        return backup;
    }

    /** A home in which PostgreSQL's programs need not be unpacked. */
    private Path home(String name) throws Exception {
        Path home = Files.createDirectories(directory.resolve(name));
        if (!Files.exists(home.resolve("postgres"))) {
            Files.createSymbolicLink(home.resolve("postgres"), Files.createDirectories(TestPostgres.unpacked()));
        }
        return home.toRealPath();
    }

    private EmbeddedPostgres start(String home) throws Exception {
        return EmbeddedPostgres.start(home(home), EmbeddedPostgresProperties.defaults());
    }

    private static List<String> upTo(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private static long timeline(EmbeddedPostgres server) throws Exception {
        return number(
                server, "select ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int");
    }

    private static long slots(EmbeddedPostgres server) throws Exception {
        return number(server, "select count(*) from pg_replication_slots");
    }

    private static long number(EmbeddedPostgres server, String query) throws Exception {
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
