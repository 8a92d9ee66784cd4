package io.millrace.process;

import static org.awaitility.Awaitility.await;

import io.millrace.testing.Tied;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The hub as users run it: the jar of the build, on some cores only. */
final class JarProcess implements AutoCloseable {

    /** Many times as long as a start takes, even during other builds. */
    static final Duration START = Duration.ofMinutes(10);

    private static final Pattern PORT = Pattern.compile("Millrace is ready at http://localhost:(\\d+)");
    private static final Pattern MANAGEMENT_PORT =
            Pattern.compile("Health and metrics are at http://localhost:(\\d+)/actuator");
    private static final Path TASKSET = Path.of("/usr/bin/taskset");

    private final Path home;
    private final Path log;
    private final Process process;

    private JarProcess(Path home, Path log, Process process) {
        this.home = home;
        this.log = log;
        this.process = process;
    }

    /** @param cores such as {@code 0} or {@code 0,1}; ignored without {@code taskset} */
    static JarProcess start(Path jar, String cores, Path home) throws IOException {
        Path log = Files.createTempFile(home.getParent(), "hub", ".log");
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(TASKSET)) {
            command.addAll(List.of(TASKSET.toString(), "--cpu-list", cores));
        }
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx512m",
                "-jar",
                jar.toString(),
                "--server.port=0",
                "--management.server.port=0",
                "--millrace.home=" + home));
        Process process = new ProcessBuilder(Tied.command(command))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new JarProcess(home, log, process);
    }

    /** The jar that the build made. */
    static Path jar() throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of("target"), "millrace-*.jar")) {
            for (Path jar : jars) {
                return jar.toAbsolutePath();
            }
        }
        throw new IllegalStateException("no jar in target: it is made by mvn package");
    }

    URI awaitReady() {
        await().atMost(START)
                .pollInterval(Duration.ofMillis(50))
                .failFast("the hub ended, see " + log, () -> !process.isAlive())
                .until(this::isReady);
        return address();
    }

    /** Lets the hub run for that long. */
    void runFor(Duration time) throws InterruptedException {
        if (process.waitFor(time)) {
            throw new AssertionError("the hub ended: " + log());
        }
    }

    /** Sends SIGTERM; returns how long the process took to end. */
    Duration terminate() throws InterruptedException {
        long began = System.nanoTime();
        process.toHandle().destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("still running after SIGTERM: " + log());
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Waits until no process is left with the home among its arguments. */
    void awaitNothingLeft() {
        await().atMost(Duration.ofSeconds(60)).until(() -> ProcessHandle.allProcesses()
                .noneMatch(other -> other.info().commandLine().orElse("").contains(home.toString())));
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException failure) {
            return failure.toString();
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    private @Nullable URI address() {
        return address(PORT);
    }

    /** Where its actuator is. */
    URI management() {
        return Objects.requireNonNull(address(MANAGEMENT_PORT));
    }

    private @Nullable URI address(Pattern line) {
        Matcher port = line.matcher(log());
        return port.find() ? URI.create("http://127.0.0.1:" + port.group(1)) : null;
    }

    private boolean isReady() throws InterruptedException {
        URI hub = address(MANAGEMENT_PORT);
        if (hub == null) {
            return false;
        }
        HttpRequest probe = HttpRequest.newBuilder(URI.create(hub + "/actuator/health/readiness"))
                .timeout(Duration.ofSeconds(10))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(probe, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }
}
