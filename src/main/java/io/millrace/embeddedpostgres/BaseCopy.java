package io.millrace.embeddedpostgres;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/**
 * Copies the data directory of a running server, as PostgreSQL's manual describes it ("Making a Base Backup Using the
 * Low Level API"): between {@code pg_backup_start} and {@code pg_backup_stop} files may be copied while they change,
 * and replaying the WAL from the start on makes them consistent. The WAL itself is not copied: a standby streams it
 * through a slot that was created before, a {@link Backup} takes it afterwards.
 */
final class BaseCopy {

    /** Directories whose content belongs to the running server; the manual's list, and the WAL. */
    private static final Set<String> LEFT_EMPTY = Set.of(
            "pg_wal",
            "pg_replslot",
            "pg_dynshmem",
            "pg_notify",
            "pg_serial",
            "pg_snapshots",
            "pg_stat_tmp",
            "pg_subtrans");

    private static final Set<String> LEFT_OUT = Set.of(
            "postmaster.pid",
            "postmaster.opts",
            "pg_internal.init",
            "backup_label",
            "tablespace_map",
            "standby.signal");

    private BaseCopy() {}

    /** Puts a directory, without its content, or a file into the copy. */
    interface Target {

        void directory(Path from, Path relative) throws IOException;

        /** @throws NoSuchFileException if the server has dropped it */
        void file(Path from, Path relative) throws IOException;
    }

    /**
     * What makes the copy consistent.
     *
     * @param label the content of {@code backup_label}, without which the copy must not be started
     * @param end the position in the WAL up to which it has to be replayed at least
     */
    record Stopped(String label, String end) {}

    /**
     * Makes the data directory of a standby.
     *
     * @param connection of a superuser, to the server
     * @param from the server's data directory
     * @param home of the copy, in which {@code pgdata} appears when it is complete
     */
    static void make(Connection connection, Path from, Path home, ServerAccount account)
            throws SQLException, IOException {
        Path unfinished = home.resolve("pgdata.new");
        Directories.delete(unfinished);
        Stopped stopped = copy(connection, from, new PlainCopy(unfinished));
        Files.writeString(unfinished.resolve("backup_label"), stopped.label());
        Files.createFile(unfinished.resolve("standby.signal"));
        account.own(unfinished);
        Files.move(unfinished, home.resolve("pgdata"), StandardCopyOption.ATOMIC_MOVE);
        Directories.force(home);
    }

    /** Copies everything except for {@code backup_label}, which the caller adds. */
    static Stopped copy(Connection connection, Path from, Target to) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_backup_start('millrace', true)");
            copy(from, to);
            try (ResultSet stopped = statement.executeQuery("select labelfile, lsn from pg_backup_stop(false)")) {
                stopped.next();
                return new Stopped(stopped.getString(1), stopped.getString(2));
            }
        }
    }

    private static void copy(Path from, Target to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Path relative = from.relativize(directory);
                to.directory(directory, relative);
                return LEFT_EMPTY.contains(relative.toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!LEFT_OUT.contains(file.getFileName().toString())) {
                    try {
                        to.file(file, from.relativize(file));
                    } catch (NoSuchFileException dropped) {
                        // Replaying the WAL drops it in the copy, too.
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            /** Dropped between the listing of its directory and the visit. */
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
    }

    /** With the server's permissions. */
    private record PlainCopy(Path root) implements Target {

        @Override
        public void directory(Path from, Path relative) throws IOException {
            Files.copy(from, root.resolve(relative), StandardCopyOption.COPY_ATTRIBUTES);
        }

        @Override
        public void file(Path from, Path relative) throws IOException {
            Files.copy(from, root.resolve(relative), StandardCopyOption.COPY_ATTRIBUTES);
        }
    }
}
