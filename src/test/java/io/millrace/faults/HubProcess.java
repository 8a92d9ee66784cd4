package io.millrace.faults;

import static org.awaitility.Awaitility.await;

import io.millrace.client.HubUrl;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A hub in a JVM of its own, to be killed, frozen and restarted on the same port. It ends with this JVM, even if this
 * one is killed. Its log is in {@code target/faults}.
 */
final class HubProcess implements AutoCloseable {

    private static final int FIRST_PORT = 20_000;
    private static final int PAST_PORTS = 32_000;
    private static final int MOST_PORTS = 100;

    private static final Duration START = Duration.ofSeconds(120);

    private final int port;
    private final int managementPort;
    private final Path log;
    private final ProcessBuilder builder;
    private Process process;

    private HubProcess(String name, int heapMegabytes, List<String> settings) throws IOException {
        this(name, heapMegabytes, List.of(), settings);
    }

    private HubProcess(String name, int heapMegabytes, List<String> options, List<String> settings) throws IOException {
        this.port = freePort();
        this.managementPort = freePort();
        this.log = Files.createDirectories(Path.of("target", "faults")).resolve(name + ".log");
        Files.deleteIfExists(log);
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx" + heapMegabytes + "m",
                "-XX:+ExitOnOutOfMemoryError",
                // These hubs run for seconds: the second JIT compiler would not pay off.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(options);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                HubMain.class.getName(),
                "--server.port=" + port,
                "--management.server.port=" + managementPort));
        settings.forEach(setting -> command.add("--" + setting));
        this.builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        this.process = builder.start();
    }

    /** A hub with its own embedded PostgreSQL; returned when it is ready. */
    static HubProcess onHome(String name, Path home) throws IOException {
        // PostgreSQL's programs are unpacked once for all tests.
        Files.createDirectories(TestPostgres.unpacked());
        Files.createSymbolicLink(home.resolve("postgres"), TestPostgres.unpacked());
        HubProcess hub = new HubProcess(name, 512, List.of("millrace.home=" + home));
        hub.awaitReady();
        return hub;
    }

    /** A hub on a database that it may share with others; returned while it is starting. */
    static HubProcess onDatabase(String name, TestDatabase database, int heapMegabytes, String... settings)
            throws IOException {
        List<String> all = settings(database);
        all.addAll(List.of(settings));
        return new HubProcess(name, heapMegabytes, all);
    }

    /**
     * A hub that is told its database as operators do it; returned while it is starting.
     *
     * @param url the value of {@code millrace.database.url}
     */
    static HubProcess onUrl(String name, String url, int heapMegabytes) throws IOException {
        return new HubProcess(name, heapMegabytes, List.of("millrace.database.url=" + url));
    }

    private static List<String> settings(TestDatabase database) {
        return new ArrayList<>(List.of(
                "spring.datasource.url=" + database.jdbcUrl(),
                "spring.datasource.username=" + database.username(),
                "spring.datasource.password=" + database.password()));
    }

    /** A hub with a debugger port, through which single threads can be suspended; returned while it is starting. */
    static HubProcess debugged(String name, TestDatabase database, int debugPort) throws IOException {
        return new HubProcess(
                name,
                512,
                List.of("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:" + debugPort),
                settings(database));
    }

    HubUrl url() {
        return new HubUrl("127.0.0.1", port, "");
    }

    /** The port of the actuator. */
    HubUrl management() {
        return new HubUrl("127.0.0.1", managementPort, "");
    }

    URI http(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Its log so far, over all restarts. */
    String log() throws IOException {
        return Files.readString(log);
    }

    /** The current resident memory of the process. */
    long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IOException("the process status has no VmRSS");
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until it accepts requests and reaches its database. */
    void awaitReady() {
        HubCalls client = new HubCalls(this);
        await().atMost(START)
                .pollInterval(Duration.ofMillis(50))
                .failFast("the hub ended, see " + log, () -> !process.isAlive())
                .until(() -> client.status("/actuator/health/readiness") == 200);
    }

    /** {@code kill -9} */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Restarts the hub after its end. */
    void restart() throws IOException {
        process = builder.start();
    }

    /** Sends SIGTERM; returns how long the process took to end. */
    Duration terminate() {
        long began = System.nanoTime();
        // Not process.destroy(): that would close the child's input as well.
        process.toHandle().destroy();
        process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Sends SIGSTOP. Closing the returned object, or the end of this JVM, sends SIGCONT. */
    Frozen freeze() throws IOException {
        return freeze(process.pid());
    }

    /** The same for any process. */
    static Frozen freeze(long pid) throws IOException {
        Process shell = new ProcessBuilder(
                        "sh", "-c", "kill -STOP $0; echo frozen; cat; kill -CONT $0", Long.toString(pid))
                .start();
        shell.inputReader().readLine();
        return () -> {
            shell.getOutputStream().close();
            shell.waitFor();
        };
    }

    /** Continues the process when closed. */
    interface Frozen extends AutoCloseable {

        @Override
        void close() throws IOException, InterruptedException;
    }

    /** Kills the hub. */
    @Override
    public void close() throws InterruptedException {
        kill();
    }

    /**
     * A port that stays free until the hub takes it: below those from which systems choose for clients, 32768 on Linux
     * and 49152 elsewhere.
     */
    static int freePort() throws IOException {
        for (int attempt = 0; attempt < MOST_PORTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, PAST_PORTS);
            try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (BindException taken) {
                // try another
            }
        }
        throw new IOException("no port is free");
    }
}
