package io.millrace.embeddedpostgres;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the data of a home from a {@link Backup}.
 *
 * <p>Everything is copied beside the present data and checked before anything is replaced. Then one rename decides that
 * the restore has happened; {@link #finish}, which every owner of a home calls, does what is left after a crash.
 *
 * <p>The restored server recovers with {@code recovery.signal}, and so begins a new timeline. Without that it would
 * look like the server that made the backup after a mere crash, and hubs would not notice that records are lost.
 */
public final class Restore {

    private static final String UNFINISHED = "restored.new";
    private static final String RESTORED = "restored";
    private static final String REPLACED = "replaced-";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Restore() {}

    /**
     * What was done.
     *
     * @param backup that the home has now
     * @param replaced where the home's previous data and password are; null if there were none
     */
    public record Restored(BackupInfo backup, @Nullable Path replaced) {}

    /**
     * Restores a backup into a home that no hub uses. The next hub that starts there has the data.
     *
     * @param home created if need be
     * @param replace whether data that the home has may be moved aside
     * @throws EmbeddedPostgresException if that is not possible; the home's data are as before then
     */
    public static Restored into(Path backup, Path home, boolean replace) {
        try {
            BackupInfo info = BackupInfo.read(backup);
            Checksums sums = Checksums.read(backup);
            sums.check(backup, BackupInfo.FILE);
            Files.createDirectories(home);
            Path realHome = home.toRealPath();
            try (HomeLock _ = HomeLock.acquire(realHome)) {
                finish(realHome);
                Path data = realHome.resolve(DataDirectory.NAME);
                requireReplaceable(data, replace);
                requireSameVersion(backup, info, PostgresBinaries.bundled(realHome.resolve("postgres")));
                Leftover.clear(data, PATIENCE);
                stage(new Checked(backup, info, sums), realHome);
                return new Restored(info, finish(realHome));
            }
        } catch (IOException failure) {
            throw new EmbeddedPostgresException(
                    backup + " cannot be restored into " + home + ": " + failure,
                    "Run the restore as the user of the hub, with room for the data in " + home,
                    failure);
        }
    }

    private static void requireReplaceable(Path data, boolean replace) throws IOException {
        if (replace || !Files.exists(data)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(data)) {
            if (entries.iterator().hasNext()) {
                throw new EmbeddedPostgresException(
                        data + " has data already", "Use --replace to move them aside, or name another home");
            }
        }
    }

    private static void requireSameVersion(Path backup, BackupInfo info, PostgresBinaries binaries) {
        if (info.majorVersion() != binaries.majorVersion()) {
            throw new EmbeddedPostgresException(
                    backup + " was written by PostgreSQL " + info.postgresVersion() + ", this is " + binaries.version(),
                    "Restore with the Millrace version that wrote it, and move the data with pg_dump");
        }
    }

    /** A backup whose description is not damaged; its other files may be. */
    private record Checked(Path path, BackupInfo info, Checksums sums) {}

    /** Makes {@value #RESTORED}, which is complete and on disk when it appears. */
    private static void stage(Checked backup, Path home) throws IOException {
        Path staged = home.resolve(UNFINISHED);
        Directories.delete(staged);
        try {
            copy(backup, staged);
            Path data = staged.resolve(DataDirectory.NAME);
            Files.createFile(data.resolve("recovery.signal"));
            keepHistories(home.resolve(DataDirectory.NAME), backup.info(), data);
            Directories.forceAll(staged);
        } catch (IOException | RuntimeException failure) {
            Directories.delete(staged);
            throw failure;
        }
        Files.move(staged, home.resolve(RESTORED), StandardCopyOption.ATOMIC_MOVE);
        Directories.force(home);
    }

    private static void copy(Checked backup, Path to) throws IOException {
        Checksums sums = backup.sums();
        int files = backup.info().files() + 1;
        if (sums.paths().size() != files) {
            throw Checksums.damaged(Checksums.FILE + " has " + sums.paths().size() + " files instead of " + files);
        }
        Files.createDirectory(to, Directories.OWNERS_DIRECTORY);
        for (String directory : backup.info().directories()) {
            if (Checksums.leadsOut(Path.of(directory))) {
                throw Checksums.damaged(BackupInfo.FILE + " has the directory " + directory);
            }
            Files.createDirectory(to.resolve(directory), Directories.OWNERS_DIRECTORY);
        }
        for (String path : sums.paths()) {
            if (!path.equals(BackupInfo.FILE)) {
                sums.copyChecked(backup.path(), to, path);
            }
        }
    }

    /**
     * Lets the restored server know of the timelines that the replaced one had: it begins a number that none of them
     * has. Otherwise two restores of one backup would begin the same timeline, and hubs would not notice the second.
     */
    private static void keepHistories(Path replaced, BackupInfo info, Path data) throws IOException {
        if (!Files.exists(replaced.resolve("global/pg_control"))
                || !info.systemIdentifier().equals(Long.toString(DataDirectory.systemIdentifier(replaced)))) {
            return;
        }
        try (DirectoryStream<Path> histories = Files.newDirectoryStream(replaced.resolve("pg_wal"), "*.history")) {
            for (Path history : histories) {
                Path kept = data.resolve("pg_wal").resolve(history.getFileName());
                if (!Files.exists(kept)) {
                    Files.copy(history, kept);
                }
            }
        }
    }

    /**
     * Puts what was restored in place, unless that has been done; called by the owner of a home before it uses the
     * data.
     *
     * @return where the previous data are; null if there were none
     */
    static @Nullable Path finish(Path home) throws IOException {
        Path restored = home.resolve(RESTORED);
        Path data = restored.resolve(DataDirectory.NAME);
        Path replaced = null;
        if (Files.exists(data)) {
            replaced = moveAside(home);
            Path password = restored.resolve(DataDirectory.PASSWORD);
            if (Files.exists(password)) {
                Files.move(password, home.resolve(DataDirectory.PASSWORD), StandardCopyOption.ATOMIC_MOVE);
                Directories.force(home);
            }
            Files.move(data, home.resolve(DataDirectory.NAME), StandardCopyOption.ATOMIC_MOVE);
            Directories.force(home);
        }
        Directories.delete(restored);
        return replaced;
    }

    /** Moves the home's data, with a copy of their password, into a new directory; null if there are none. */
    private static @Nullable Path moveAside(Path home) throws IOException {
        Path data = home.resolve(DataDirectory.NAME);
        if (!Files.exists(data)) {
            return null;
        }
        Path aside = IntStream.iterate(1, number -> number + 1)
                .mapToObj(number -> home.resolve(REPLACED + number))
                .filter(path -> !Files.exists(path))
                .findFirst()
                .orElseThrow();
        Files.createDirectory(aside, Directories.OWNERS_DIRECTORY);
        Path password = home.resolve(DataDirectory.PASSWORD);
        if (Files.exists(password)) {
            Files.copy(password, aside.resolve(DataDirectory.PASSWORD), StandardCopyOption.COPY_ATTRIBUTES);
            Directories.force(aside.resolve(DataDirectory.PASSWORD));
        }
        Files.move(data, aside.resolve(DataDirectory.NAME), StandardCopyOption.ATOMIC_MOVE);
        Directories.force(aside);
        Directories.force(home);
        return aside;
    }

    /** How the restored server starts the first time. */
    static List<ServerSettings.Setting> settings() {
        return List.of(
                new ServerSettings.Setting("restore_command", "false", "all WAL that is needed came with the backup"),
                new ServerSettings.Setting(
                        "recovery_target_timeline", "current", "the backup's, after which a new one begins"),
                new ServerSettings.Setting(
                        "hot_standby", "off", "the server is ready when the new timeline has begun"));
    }
}
