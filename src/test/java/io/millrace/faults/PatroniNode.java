package io.millrace.faults;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A machine with Patroni and the PostgreSQL that it runs, as processes of this machine. Both end with this JVM, even if
 * that is killed.
 */
final class PatroniNode implements AutoCloseable {

    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    /**
     * PostgreSQL does not end with Patroni. So a watcher kills both when its input is closed: by {@link #kill()}, or by
     * the end of this JVM.
     */
    private static final String SCRIPT = """
        exec 3<&0
        { cat; kill -9 $$; kill -9 "$(head -n 1 "$0")"; } <&3 > /dev/null 2>&1 &
        exec 3<&-
        exec "$@" < /dev/null
        """;

    private final String name;
    private final int port;
    private final int restPort;
    private final Path home;
    private final Path log;
    private Process process;

    /** @param home in which PostgreSQL's user may write, with Patroni's file {@code patroni.yml} */
    PatroniNode(String name, int port, int restPort, Path home) throws IOException {
        this.name = name;
        this.port = port;
        this.restPort = restPort;
        this.home = home;
        this.log = Files.createDirectories(Path.of("target", "faults")).resolve("patroni-" + name + ".log");
        Files.deleteIfExists(log);
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    int restPort() {
        return restPort;
    }

    Path configuration() {
        return home.resolve("patroni.yml");
    }

    static Path data(Path home) {
        return home.resolve("data");
    }

    /** A command as PostgreSQL's user, which is not root. */
    static List<String> unprivileged(List<String> command) {
        List<String> all = new ArrayList<>();
        if (ROOT) {
            all.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        all.addAll(command);
        return all;
    }

    /** Makes PostgreSQL's user own a directory with all that is in it. */
    static void own(Path directory) throws IOException, InterruptedException {
        if (ROOT) {
            new ProcessBuilder("chown", "-R", "postgres", directory.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
        }
    }

    void start() throws IOException {
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", SCRIPT, data(home).resolve("postmaster.pid").toString()));
        command.addAll(unprivileged(List.of("patroni", configuration().toString())));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // Patroni keeps PostgreSQL's password file there.
        builder.environment().put("HOME", home.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        process = builder.start();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Kills PostgreSQL's first process; Patroni goes on. */
    void killPostmaster() throws Exception {
        ReplicatedServers.kill(postmaster().orElseThrow().pid());
    }

    /** Kills Patroni and PostgreSQL at once, as the loss of the machine would. */
    void kill() throws Exception {
        Optional<ProcessHandle> postmaster = postmaster();
        // It closes the watcher's input, too.
        process.destroyForcibly().waitFor();
        postmaster.ifPresent(server -> await().atMost(Duration.ofSeconds(10)).until(() -> !server.isAlive()));
    }

    private Optional<ProcessHandle> postmaster() throws IOException {
        Path file = data(home).resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return ProcessHandle.of(
                Long.parseLong(Files.readAllLines(file).getFirst().strip()));
    }

    @Override
    public void close() throws Exception {
        if (process != null) {
            kill();
        }
    }
}
