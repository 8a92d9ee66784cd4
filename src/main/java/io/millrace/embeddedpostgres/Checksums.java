package io.millrace.embeddedpostgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The SHA-256 of each file of a backup, by its path in the backup. Written as {@code sha256sum} does, so that
 * {@code sha256sum -c SHA256SUMS} checks a backup without Millrace.
 */
final class Checksums {

    static final String FILE = "SHA256SUMS";

    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  ([\\w./-]+)");
    private static final int BUFFER = 1 << 20;
    private final SortedMap<String, String> sums = new TreeMap<>();

    /** Copies a file to this path below a root, with access for its owner only, and notes its checksum. */
    void copy(Path from, Path root, String path) throws IOException {
        sums.put(path, copied(from, root.resolve(path)));
    }

    /** As {@link #copy}, for a file with this content. */
    void write(String content, Path root, String path) throws IOException {
        Path file = Files.createFile(root.resolve(path), Directories.OWNERS_FILE);
        Files.writeString(file, content);
        try (InputStream written = Files.newInputStream(file)) {
            sums.put(path, hex(written, OutputStream.nullOutputStream()));
        }
    }

    /** Ends the list: writes it into the root. */
    void finish(Path root) throws IOException {
        String lines = sums.entrySet().stream()
                .map(sum -> sum.getValue() + "  " + sum.getKey() + "\n")
                .collect(Collectors.joining());
        Path file = Files.createFile(root.resolve(FILE), Directories.OWNERS_FILE);
        Files.writeString(file, lines);
    }

    /**
     * @throws EmbeddedPostgresException for a line that is not one of {@link #finish}, or a path that leads out of the
     *     backup
     */
    static Checksums read(Path root) throws IOException {
        Checksums read = new Checksums();
        int number = 0;
        for (String line : Files.readAllLines(present(root, FILE), StandardCharsets.ISO_8859_1)) {
            number++;
            Matcher parts = LINE.matcher(line);
            if (!parts.matches() || leadsOut(Path.of(parts.group(2)))) {
                throw damaged("line " + number + " of " + root.resolve(FILE) + " is not the checksum of a file");
            }
            read.sums.put(parts.group(2), parts.group(1));
        }
        return read;
    }

    /** Whether a path is not below the directory that it is relative to. */
    static boolean leadsOut(Path path) {
        return path.isAbsolute() || !path.equals(path.normalize()) || path.startsWith("..");
    }

    static EmbeddedPostgresException damaged(String what) {
        return new EmbeddedPostgresException(
                "The backup is damaged: " + what, "Nothing has been replaced: restore from another backup");
    }

    /** All paths, in ascending order. */
    Set<String> paths() {
        return Collections.unmodifiableSet(sums.keySet());
    }

    /**
     * Copies a file of the list from one root to another.
     *
     * @throws EmbeddedPostgresException if it is missing, or has another checksum
     */
    void copyChecked(Path from, Path to, String path) throws IOException {
        check(path, copied(present(from, path), to.resolve(path)));
    }

    /** Checks a file without copying it. */
    void check(Path from, String path) throws IOException {
        try (InputStream content = Files.newInputStream(present(from, path))) {
            check(path, hex(content, OutputStream.nullOutputStream()));
        }
    }

    private void check(String path, String found) {
        if (!found.equals(sums.get(path))) {
            throw damaged(path + " does not have the checksum that " + FILE + " states");
        }
    }

    private static Path present(Path root, String path) {
        Path file = root.resolve(path);
        if (!Files.isRegularFile(file)) {
            throw damaged(path + " is missing");
        }
        return file;
    }

    /** Returns the checksum. */
    private static String copied(Path from, Path to) throws IOException {
        try (InputStream content = Files.newInputStream(from);
                FileChannel target = FileChannel.open(
                        to, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), Directories.OWNERS_FILE)) {
            return hex(content, Channels.newOutputStream(target));
        }
    }

    private static String hex(InputStream content, OutputStream to) throws IOException {
        try {
            DigestInputStream digested = new DigestInputStream(content, MessageDigest.getInstance("SHA-256"));
            byte[] buffer = new byte[BUFFER];
            for (int read = digested.read(buffer); read >= 0; read = digested.read(buffer)) {
                to.write(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digested.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
