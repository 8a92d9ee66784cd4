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
 * Copies the data directory of a running server for a standby, as PostgreSQL's manual describes it ("Making a Base
 * Backup Using the Low Level API"): between {@code pg_backup_start} and {@code pg_backup_stop} files may be copied
 * while they change, and replaying the WAL from the start on makes them consistent. The WAL itself is not copied: the
 * standby streams it through a slot that was created before.
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

    /**
     * @param connection of a superuser, to the server
     * @param from the server's data directory
     * @param home of the copy, in which {@code pgdata} appears when it is complete
     */
    static void make(Connection connection, Path from, Path home, ServerAccount account)
            throws SQLException, IOException {
        Path unfinished = home.resolve("pgdata.new");
        Directories.delete(unfinished);
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_backup_start('millrace', true)");
            copy(from, unfinished);
            try (ResultSet stopped = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
                stopped.next();
                Files.writeString(unfinished.resolve("backup_label"), stopped.getString(1));
            }
        }
        Files.createFile(unfinished.resolve("standby.signal"));
        account.own(unfinished);
        Files.move(unfinished, home.resolve("pgdata"), StandardCopyOption.ATOMIC_MOVE);
        Directories.force(home);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.copy(directory, target(directory), StandardCopyOption.COPY_ATTRIBUTES);
                return LEFT_EMPTY.contains(from.relativize(directory).toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!LEFT_OUT.contains(file.getFileName().toString())) {
                    try {
                        Files.copy(file, target(file), StandardCopyOption.COPY_ATTRIBUTES);
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

            private Path target(Path source) {
                return to.resolve(from.relativize(source));
            }
        });
    }
}
