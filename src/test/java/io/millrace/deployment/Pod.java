package io.millrace.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.MillraceApplication;
import io.millrace.testing.Tied;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A hub, and commands beside it, as in a container: in JVMs of their own, with the container's variables and no others.
 */
final class Pod implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(5);

    /** What documents and notes have of a command to run in a pod, whatever calls it. */
    private static final Pattern COMMAND = Pattern.compile("java -jar millrace\\.jar ([^)\n]+)");

    private static final Pattern API = Pattern.compile("Millrace is ready at http://localhost:(\\d+)");
    private static final Pattern MANAGEMENT =
            Pattern.compile("Health and metrics are at http://localhost:(\\d+)/actuator");

    private final Map<String, String> environment;
    private final Path log;
    private final Process hub;

    private Pod(Map<String, String> environment, Path log) throws IOException {
        this.environment = environment;
        this.log = log;
        // Other hubs on this machine have the usual ports.
        this.hub = jvm("--server.port=0", "--management.server.port=0")
                .redirectOutput(log.toFile())
                .start();
    }

    /** Returned when the hub is ready. */
    static Pod start(Map<String, String> environment, Path log) throws IOException {
        Pod pod = new Pod(environment, log);
        await().atMost(START)
                .failFast(() -> assertThat(pod.hub.isAlive()).as(pod.log()).isTrue())
                .until(() -> MANAGEMENT.matcher(pod.log()).find());
        return pod;
    }

    /** The commands in a text, without {@code java -jar millrace.jar}. */
    static List<String> commands(String text) {
        return COMMAND.matcher(text)
                .results()
                .map(command -> command.group(1).strip())
                .toList();
    }

    /** Runs one of {@link #commands}; returns what it prints. */
    String run(String command) throws Exception {
        Process process = jvm(command.replace("'", "").split(" +")).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s%n%s", command, output).isZero();
        return output.strip();
    }

    URI api(String path) {
        return uri(API, path);
    }

    URI management(String path) {
        return uri(MANAGEMENT, path);
    }

    private URI uri(Pattern line, String path) {
        Matcher port = line.matcher(log());
        assertThat(port.find()).isTrue();
        return URI.create("http://127.0.0.1:" + port.group(1) + path);
    }

    private ProcessBuilder jvm(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Objects.requireNonNull(System.getProperty("java.class.path")),
                MillraceApplication.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(Tied.command(command)).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }

    private String log() {
        try {
            return Files.readString(log);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void close() throws InterruptedException {
        hub.toHandle().destroyForcibly();
        hub.waitFor();
    }
}
