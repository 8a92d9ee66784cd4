package io.millrace.embeddedpostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores that are refused; the home's data are never touched. */
class DamagedBackupIT {

    @TempDir
    private static Path directory;

    private static Path home;
    private static Path backup;

    @BeforeAll
    static void aHomeAndItsBackup() throws Exception {
        home = Files.createDirectory(directory.resolve("home"));
        Files.createSymbolicLink(home.resolve("postgres"), Files.createDirectories(TestPostgres.unpacked()));
        backup = directory.resolve("backup");
        try (EmbeddedPostgres server = EmbeddedPostgres.start(home, EmbeddedPostgresProperties.defaults())) {
            new Notes(server).add("present");
            Backup.make(home, backup, "1.2.3");
        }
    }

    @AfterEach
    void theHomeIsAsBeforeAndTheBackupCanBeRestored() throws Exception {
        try (Stream<Path> files = Files.list(home)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("log", "millrace.lock", "pgdata", "postgres", "postgres.password");
        }
    }

    @Test
    void aHomeThatAHubUses() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(home, EmbeddedPostgresProperties.defaults())) {
            refused("another hub (pid " + ProcessHandle.current().pid() + ") is using " + home);
            assertThat(new Notes(server).all()).containsExactly("present");
        }
    }

    @Test
    void aHomeWithDataUnlessTheyMayBeReplaced() {
        assertThatThrownBy(() -> Restore.into(backup, home, false))
                .isInstanceOfSatisfying(EmbeddedPostgresException.class, refusal -> {
                    assertThat(refusal).hasMessage(home.resolve("pgdata") + " has data already");
                    assertThat(refusal.action()).contains("--replace");
                });
    }

    @Test
    void aByteThatIsAnother() throws Exception {
        Path table = largest();
        String path = backup.relativize(table).toString();
        flip(table);

        refused("The backup is damaged: " + path + " does not have the checksum that SHA256SUMS states");

        flip(table);
        flip(backup.resolve("postgres.password"));
        refused("The backup is damaged: postgres.password does not have the checksum that SHA256SUMS states");
        flip(backup.resolve("postgres.password"));
    }

    @Test
    void aFileThatIsMissing() throws Exception {
        Path wal;
        try (Stream<Path> files = Files.list(backup.resolve("pgdata/pg_wal"))) {
            wal = files.findFirst().orElseThrow();
        }
        for (Path missing : new Path[] {wal, backup.resolve("pgdata/backup_label"), backup.resolve("SHA256SUMS")}) {
            Path away = directory.resolve("away");
            Files.move(missing, away);

            refused("The backup is damaged: " + backup.relativize(missing) + " is missing");

            Files.move(away, missing);
        }
    }

    @Test
    void aLineOfTheChecksumsThatIsMissingOrLeadsElsewhere() throws Exception {
        Path sums = backup.resolve("SHA256SUMS");
        String whole = Files.readString(sums);
        Files.writeString(sums, whole.substring(0, whole.lastIndexOf('\n', whole.length() - 2) + 1));

        refused("The backup is damaged: SHA256SUMS has " + (whole.lines().count() - 1) + " files instead of "
                + whole.lines().count());

        for (String path : new String[] {"../escaped", "/escaped", "pgdata/../../escaped"}) {
            Files.writeString(sums, whole.replaceFirst("  .*", "  " + path));
            refused("The backup is damaged: line 1 of " + sums + " is not the checksum of a file");
        }
        Files.writeString(sums, whole);
    }

    @Test
    void aBackupThatIsNotFinished() throws Exception {
        assertThatThrownBy(() -> Restore.into(directory, home, true))
                .hasMessage(directory + " is not a finished backup: it has no backup.json");
    }

    @Test
    void anotherMajorVersionOfPostgresqlAndAnotherFormat() throws Exception {
        String info = Files.readString(backup.resolve("backup.json"));
        String postgres = info.replaceFirst("(\"postgres_version\" : )\"\\d+", "$1\"15");
        assertThat(postgres).isNotEqualTo(info);
        describe(info, postgres);

        assertThatThrownBy(() -> Restore.into(backup, home, true))
                .hasMessageMatching(backup + " was written by PostgreSQL 15\\.\\d+, this is 1[6-9]\\.\\d+");

        describe(postgres, info.replace("\"format\" : 1", "\"format\" : 2"));
        refused(backup + " has the format 2, this version of Millrace reads 1");
        Files.writeString(backup.resolve("backup.json"), "{");
        assertThatThrownBy(() -> Restore.into(backup, home, true))
                .hasMessageStartingWith("The backup is damaged: backup.json: ");
        describe(info.replace("\"format\" : 1", "\"format\" : 2"), info);
    }

    @Test
    void aBackupThatExistsIsNotOverwritten() {
        assertThatThrownBy(() -> Backup.make(home, backup, "1.2.3")).hasMessage(backup + " exists already");
    }

    private static void refused(String message) {
        assertThatThrownBy(() -> Restore.into(backup, home, true))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessage(message);
    }

    /** Replaces the description, with its checksum. */
    private static void describe(String before, String after) throws Exception {
        Files.writeString(backup.resolve("backup.json"), after);
        Path sums = backup.resolve("SHA256SUMS");
        Files.writeString(sums, Files.readString(sums).replace(sha256(before), sha256(after)));
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Path largest() throws Exception {
        try (Stream<Path> files = Files.walk(backup.resolve("pgdata/base"))) {
            return files.filter(Files::isRegularFile)
                    .max(Comparator.comparing(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private static void flip(Path file) throws Exception {
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 1;
        Files.write(file, content);
    }
}
