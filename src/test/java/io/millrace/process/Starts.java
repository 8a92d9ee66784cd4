package io.millrace.process;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.springframework.util.FileSystemUtils;

/**
 * A long version of {@link StartIT}: a number of cold starts of a jar on some cores, each with first requests of every
 * kind at once, and as many that are told to stop at a random moment.
 *
 * <p>Arguments: the jar, the cores as {@code taskset} takes them, the number of starts, the number of requests.
 */
final class Starts {

    private Starts() {}

    static void main(String[] arguments) throws Exception {
        Path jar = Path.of(arguments[0]).toAbsolutePath();
        String cores = arguments[1];
        int starts = Integer.parseInt(arguments[2]);
        int requests = Integer.parseInt(arguments[3]);
        Path home = Files.createTempDirectory("millrace-starts").resolve("home");
        Files.createDirectories(home);
        try (JarProcess first = JarProcess.start(jar, cores, home)) {
            new FirstRequests(first.awaitReady()).prepare();
            first.terminate();
        }
        for (int i = 0; i < starts; i++) {
            start(jar, cores, home, requests);
        }
        Random random = new Random();
        for (int i = 0; i < starts; i++) {
            stop(jar, cores, home, random.nextInt(100, 40_000));
        }
        FileSystemUtils.deleteRecursively(home.getParent());
    }

    private static void start(Path jar, String cores, Path home, int requests) throws Exception {
        long began = System.nanoTime();
        try (JarProcess hub = JarProcess.start(jar, cores, home)) {
            URI address = hub.awaitReady();
            Duration up = since(began);
            long asked = System.nanoTime();
            Map<String, String> failures = new FirstRequests(address).askAll(requests);
            System.out.printf(
                    "up after %s; %d requests after %s: %s; ended after %s%n",
                    up, requests, since(asked), failures.isEmpty() ? "all answered" : failures, hub.terminate());
        }
    }

    private static void stop(Path jar, String cores, Path home, int millis) throws Exception {
        try (JarProcess hub = JarProcess.start(jar, cores, home)) {
            hub.runFor(Duration.ofMillis(millis));
            Duration ended = hub.terminate();
            hub.awaitNothingLeft();
            System.out.printf("told to stop after %d ms, ended after %s%n", millis, ended);
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
    }
}
