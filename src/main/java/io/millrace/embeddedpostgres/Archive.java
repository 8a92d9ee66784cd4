package io.millrace.embeddedpostgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Unpacks a {@code .tar.xz} with its permissions and links. */
final class Archive {

    static final String UNFINISHED = ".unpacking-";

    private Archive() {}

    /**
     * Unpacks unless that is done already. The directory exists only once it is complete and on disk, even after a
     * crash. One process at a time unpacks into the parent, and removes what killed processes left there.
     */
    static synchronized void unpack(InputStream archive, Path parent, String name) throws IOException {
        Files.createDirectories(parent);
        try (FileChannel channel =
                        FileChannel.open(parent.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            deleteUnfinished(parent);
            Path target = parent.resolve(name);
            if (!Files.isDirectory(target)) {
                unpackInto(archive, parent, target);
            }
        }
    }

    private static void deleteUnfinished(Path parent) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, UNFINISHED + "*")) {
            for (Path directory : left) {
                Directories.delete(directory);
            }
        }
    }

    private static void unpackInto(InputStream archive, Path parent, Path target) throws IOException {
        Path unfinished = Files.createTempDirectory(
                parent, UNFINISHED, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (TarArchiveInputStream entries =
                new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(archive)))) {
            for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                unpackEntry(entries, entry, unfinished);
            }
            Files.move(unfinished, target);
            Directories.force(parent);
        } catch (IOException failure) {
            Directories.delete(unfinished);
            throw failure;
        }
    }

    private static void unpackEntry(InputStream content, TarArchiveEntry entry, Path root) throws IOException {
        Path path = root.resolve(entry.getName()).normalize();
        if (!path.startsWith(root)) {
            throw new IOException("the archive has an entry outside its directory: " + entry.getName());
        }
        if (path.equals(root)) {
            return;
        }
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        createParent(path);
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            Files.createLink(path, root.resolve(entry.getLinkName()).normalize());
        } else {
            Files.copy(content, path);
            Files.setPosixFilePermissions(path, permissions(entry.getMode()));
            Directories.force(path);
        }
    }

    private static void createParent(Path path) throws IOException {
        Path parent = path.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        // Readable by all: the server may run as a user other than the hub's.
        Set<PosixFilePermission> permissions = EnumSet.of(
                PosixFilePermission.OWNER_READ,
                PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.OTHERS_READ);
        if ((mode & 0100) != 0) {
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
            permissions.add(PosixFilePermission.GROUP_EXECUTE);
            permissions.add(PosixFilePermission.OTHERS_EXECUTE);
        }
        return permissions;
    }
}
