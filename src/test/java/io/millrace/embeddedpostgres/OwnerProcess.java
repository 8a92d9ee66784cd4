package io.millrace.embeddedpostgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Another JVM that owns an embedded PostgreSQL: something to kill. It prints the postmaster's pid, and stops cleanly
 * when its input ends.
 */
final class OwnerProcess implements AutoCloseable {

    private static final String READY = "ready ";

    private final Process process;
    private final List<String> output = new ArrayList<>();
    private final long postmaster;

    private OwnerProcess(Process process) throws IOException {
        this.process = process;
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        String line = lines.readLine();
        while (line != null && !line.startsWith(READY)) {
            output.add(line);
            line = lines.readLine();
        }
        this.postmaster = line == null ? -1 : Long.parseLong(line.substring(READY.length()));
    }

    /** Starts the JVM and waits until its server is ready or has failed to start. */
    static OwnerProcess start(Path home, Path unpacked) throws IOException {
        return start(List.of(), System.getProperty("java.class.path"), home, unpacked);
    }

    static OwnerProcess start(List<String> prefix, String classPath, Path home, Path unpacked) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx128m",
                "-cp",
                classPath,
                OwnerProcess.class.getName(),
                home.toString(),
                unpacked.toString()));
        return new OwnerProcess(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .directory(home.getRoot().toFile())
                .start());
    }

    /** The postmaster's process. */
    ProcessHandle postmaster() {
        if (postmaster < 0) {
            throw new AssertionError("no server: " + String.join("\n", output));
        }
        return ProcessHandle.of(postmaster).orElseThrow();
    }

    /** Its output until it was ready or failed. */
    String output() {
        return String.join("\n", output);
    }

    long pid() {
        return process.pid();
    }

    int awaitEnd() throws InterruptedException {
        return process.waitFor();
    }

    void killHard() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            process.waitFor();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static void main(String[] arguments) throws IOException {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(
                Path.of(arguments[0]), Path.of(arguments[1]), EmbeddedPostgresProperties.defaults())) {
            System.out.println(READY + server.pid());
            while (System.in.read() >= 0) {
                // Only the end of the input counts.
            }
        }
    }
}
