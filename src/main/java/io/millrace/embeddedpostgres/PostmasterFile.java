package io.millrace.embeddedpostgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code postmaster.pid} says: the pid in its first line, the port in the fourth, and in the eighth whether the
 * server accepts connections. It is written line by line while the server starts, and remains when the server is
 * killed.
 *
 * @param pid of a process that may have ended, or of another program that got the same pid
 * @param port 0 if it is not there yet
 */
record PostmasterFile(long pid, int port, boolean ready) {

    private static final int PORT_LINE = 3;

    private static final int STATUS_LINE = 7;

    /** Empty if there is no such file, or nothing in it yet. */
    static Optional<PostmasterFile> read(Path dataDirectory) {
        try {
            List<String> lines =
                    Files.readAllLines(dataDirectory.resolve("postmaster.pid"), StandardCharsets.ISO_8859_1);
            return lines.isEmpty() ? Optional.empty() : Optional.of(parse(lines));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException | NumberFormatException unreadable) {
            return Optional.empty();
        }
    }

    private static PostmasterFile parse(List<String> lines) {
        boolean ready =
                lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready");
        String port = lines.size() > PORT_LINE ? lines.get(PORT_LINE).strip() : "";
        return new PostmasterFile(
                Math.abs(Long.parseLong(lines.getFirst().strip())), port.isEmpty() ? 0 : Integer.parseInt(port), ready);
    }
}
