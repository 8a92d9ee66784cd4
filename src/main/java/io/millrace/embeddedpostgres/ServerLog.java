package io.millrace.embeddedpostgres;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The directory of the server's log files. A failed start shows the end of the log. */
final class ServerLog {

    /** At most a screenful: it becomes part of an exception's message. */
    private static final int TAIL_BYTES = 4096;

    private static final int TAIL_LINES = 20;

    /** The server truncates last week's file only if it runs at midnight. */
    private static final Duration OLD = Duration.ofDays(6);

    private final Path directory;

    ServerLog(Path directory) {
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    /** The output of the server before it opens its log, and of its supervisor. */
    Path console() {
        return directory.resolve("postgres-start.log");
    }

    void deleteOldFiles(Instant now) throws IOException {
        for (Path file : files()) {
            if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(OLD))) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** The current sizes of the files, to find later what has been added. */
    Map<Path, Long> mark() throws IOException {
        Map<Path, Long> sizes = new HashMap<>();
        for (Path file : files()) {
            sizes.put(file, Files.size(file));
        }
        return sizes;
    }

    /** The last lines written since the mark; the console is read from its beginning, since each start truncates it. */
    String tail(Map<Path, Long> mark) {
        StringBuilder text = new StringBuilder();
        try {
            for (Path file : files()) {
                long from = file.equals(console()) ? 0 : mark.getOrDefault(file, 0L);
                text.append(read(file, from));
            }
        } catch (IOException failure) {
            text.append("(the log in ")
                    .append(directory)
                    .append(" cannot be read: ")
                    .append(failure)
                    .append(')');
        }
        List<String> lines = text.toString().lines().toList();
        return lines.stream().skip(Math.max(0, lines.size() - TAIL_LINES)).collect(Collectors.joining("\n"));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("postgres-\\w+\\.log"))
                    .sorted()
                    .toList();
        }
    }

    private static String read(Path file, long from) throws IOException {
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "r")) {
            long start = Math.max(from, content.length() - TAIL_BYTES);
            byte[] bytes = new byte[(int) Math.max(0, content.length() - start)];
            content.seek(start);
            content.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
