package io.millrace.embeddedpostgres;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Copies the data of an embedded server into a directory, from which {@link Restore} makes a home: the files of
 * {@code pgdata}, the WAL that makes them consistent, the password, {@code backup.json} and the checksums of all.
 *
 * <p>The directory appears under its name when it is complete and on disk. Only its owner can read it, as it has the
 * records and the password.
 *
 * <p>There is one way for servers that run and for those that do not: a stopped one is started for the backup. So every
 * backup is of a server that has just shown that it starts, has the same form, and needs no clean shutdown before.
 */
public final class Backup {

    private final Path root;
    private final Checksums sums = new Checksums();
    private final List<String> directories = new ArrayList<>();
    private int files;
    private long bytes;

    private Backup(Path root) {
        this.root = root;
    }

    /**
     * Makes a backup, while a hub uses the home or while none does; in the second case the home is locked meanwhile.
     *
     * @param to a directory that does not exist yet, in one that does
     * @param hubVersion of this program
     * @throws EmbeddedPostgresException if that is not possible; nothing is left then
     */
    public static BackupInfo make(Path home, Path to, String hubVersion) {
        Path target = to.toAbsolutePath().normalize();
        if (target.startsWith(home.toAbsolutePath().normalize().resolve(DataDirectory.NAME))) {
            throw new EmbeddedPostgresException(
                    target + " is in the data that is copied", "Name a directory outside of it");
        }
        Path unfinished = target.resolveSibling(target.getFileName() + ".unfinished");
        create(target, unfinished);
        try {
            BackupInfo info = make(home, unfinished, target, hubVersion);
            Directories.force(parent(target));
            return info;
        } catch (IOException | SQLException | RuntimeException failure) {
            delete(unfinished, failure);
            if (failure instanceof EmbeddedPostgresException known) {
                throw known;
            }
            throw new EmbeddedPostgresException(
                    "There is no backup of " + home + ": " + failure,
                    "Run the backup as the user of the hub, with room for its data in " + parent(target),
                    failure);
        }
    }

    private static Path parent(Path target) {
        return Objects.requireNonNullElse(target.getParent(), target);
    }

    private static void create(Path target, Path unfinished) {
        if (Files.exists(target)) {
            throw new EmbeddedPostgresException(target + " exists already", "Give each backup a new name");
        }
        try {
            Files.createDirectory(unfinished, Directories.OWNERS_DIRECTORY);
        } catch (FileAlreadyExistsException exists) {
            throw new EmbeddedPostgresException(
                    unfinished + " exists: another backup is under way there, or was killed",
                    "Delete it if no other backup is under way");
        } catch (NoSuchFileException noParent) {
            throw new EmbeddedPostgresException(
                    parent(target) + " does not exist", "Create it, or mount what should be there");
        } catch (IOException failure) {
            throw new EmbeddedPostgresException(
                    unfinished + " cannot be created: " + failure,
                    "Make sure that this user may write into " + parent(target),
                    failure);
        }
    }

    private static void delete(Path unfinished, Exception reason) {
        try {
            Directories.delete(unfinished);
        } catch (IOException failure) {
            reason.addSuppressed(failure);
        }
    }

    private static BackupInfo make(Path home, Path unfinished, Path target, String hubVersion)
            throws IOException, SQLException {
        if (!Files.exists(home)) {
            throw noData(home);
        }
        Path realHome = home.toRealPath();
        try (RunningServer server = RunningServer.of(realHome);
                Connection connection = server.connect()) {
            BackupInfo info = new Backup(unfinished).copy(connection, realHome, hubVersion);
            Directories.forceAll(unfinished);
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            return info;
        }
    }

    static EmbeddedPostgresException noData(Path home) {
        return new EmbeddedPostgresException(
                home + " has no data of an embedded PostgreSQL",
                "Name the hub's millrace.home; a PostgreSQL of your own has tools of its own");
    }

    private BackupInfo copy(Connection connection, Path home, String hubVersion) throws IOException, SQLException {
        Path data = home.resolve(DataDirectory.NAME);
        requireNoTablespaces(data);
        keepWal(connection);
        BaseCopy.Stopped stopped = BaseCopy.copy(connection, data, new Tree());
        write(stopped.label(), DataDirectory.NAME + "/backup_label");
        WalRange wal = WalRange.of(stopped);
        for (String name :
                wal.files(number(connection, "select setting from pg_settings where name = 'wal_segment_size'"))) {
            copy(data.resolve("pg_wal").resolve(name), DataDirectory.NAME + "/pg_wal/" + name);
        }
        try (DirectoryStream<Path> histories = Files.newDirectoryStream(data.resolve("pg_wal"), "*.history")) {
            for (Path history : histories) {
                copy(history, DataDirectory.NAME + "/pg_wal/" + history.getFileName());
            }
        }
        copy(home.resolve(DataDirectory.PASSWORD), DataDirectory.PASSWORD);
        BackupInfo info = new BackupInfo(
                BackupInfo.FORMAT,
                hubVersion,
                text(connection, "select split_part(current_setting('server_version'), ' ', 1)"),
                Instant.now(),
                text(connection, "select system_identifier::text from pg_control_system()"),
                wal,
                files,
                bytes,
                directories);
        sums.write(info.text(), root, BackupInfo.FILE);
        sums.finish(root);
        return info;
    }

    /** Their files are elsewhere; only an operator can have created one. */
    private static void requireNoTablespaces(Path data) throws IOException {
        try (DirectoryStream<Path> spaces = Files.newDirectoryStream(data.resolve("pg_tblspc"))) {
            if (spaces.iterator().hasNext()) {
                throw new EmbeddedPostgresException(
                        "The embedded PostgreSQL has tablespaces, which a backup does not cover",
                        "Move their tables into the default tablespace and drop them");
            }
        }
    }

    /** By a slot, as checkpoints would recycle it. The slot ends with the connection. */
    private static void keepWal(Connection connection) throws SQLException {
        text(connection, "select pg_create_physical_replication_slot('backup_' || pg_backend_pid(), true, true)");
    }

    private void copy(Path from, String path) throws IOException {
        sums.copy(from, root, path);
        count(path);
    }

    private void write(String content, String path) throws IOException {
        sums.write(content, root, path);
        count(path);
    }

    private void count(String path) throws IOException {
        files++;
        bytes += Files.size(root.resolve(path));
    }

    private static long number(Connection connection, String query) throws SQLException {
        return Long.parseLong(text(connection, query));
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    /** The data directory in the backup. */
    private final class Tree implements BaseCopy.Target {

        @Override
        public void directory(Path from, Path relative) throws IOException {
            String path = path(relative);
            Files.createDirectory(root.resolve(path), Directories.OWNERS_DIRECTORY);
            directories.add(path);
        }

        @Override
        public void file(Path from, Path relative) throws IOException {
            copy(from, path(relative));
        }

        private static String path(Path relative) {
            return Path.of(DataDirectory.NAME).resolve(relative).normalize().toString();
        }
    }
}
