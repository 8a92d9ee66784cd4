package io.millrace.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Beside;
import io.millrace.testing.TestPostgres;
import io.millrace.testing.Tied;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Every start ends: the jar's on one core, and one that hangs. {@link Starts} does the same for longer. */
@Beside
class StartIT {

    private static final String ONE_CORE = "0";
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    @Test
    void theJarStartsOnOneCoreAndAnswersTheFirstRequestsOfEveryKindAtOnce() throws Exception {
        Path home = home("home");
        try (JarProcess hub = JarProcess.start(JarProcess.jar(), ONE_CORE, home)) {
            new FirstRequests(hub.awaitReady()).prepare();
            hub.terminate();
        }
        try (JarProcess hub = JarProcess.start(JarProcess.jar(), ONE_CORE, home)) {
            FirstRequests requests = new FirstRequests(hub.awaitReady());

            assertThat(requests.askAll(100)).isEmpty();

            hub.terminate();
            hub.awaitNothingLeft();
        }
    }

    @Test
    void aHubThatIsToldToStopWhileItStartsEndsAndLeavesNothingBehind() throws Exception {
        Path home = home("stopped");
        Random random = new Random(11);
        for (int i = 0; i < 3; i++) {
            try (JarProcess hub = JarProcess.start(JarProcess.jar(), ONE_CORE, home)) {
                hub.runFor(Duration.ofMillis(random.nextInt(200, 15_000)));

                assertThat(hub.terminate()).as(hub::log).isLessThan(SOON);
                hub.awaitNothingLeft();
            }
        }
    }

    @Test
    void aStartThatHangsSaysWhyAndEnds() throws Exception {
        Process process = hanging("--millrace.start.timeout=1s");
        String output = new String(process.getInputStream().readAllBytes());

        assertThat(process.waitFor()).as(output).isEqualTo(StartWatch.HANGS);
        assertThat(output)
                .contains("The hub has not started within 1 s (millrace.start.timeout)")
                .contains("StartIT$Hanging")
                .contains("All threads:")
                .contains("#");
    }

    @Test
    void aStartThatHangsIsEndedBySigterm() throws Exception {
        Process process = hanging("--millrace.start.timeout=5m");
        process.inputReader().lines().anyMatch(line -> line.contains("hanging"));

        process.toHandle().destroy();

        assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(StartWatch.STOPPED);
    }

    private Path home(String name) throws Exception {
        Path home = Files.createDirectories(directory.resolve(name));
        // PostgreSQL's programs are unpacked once for all tests.
        Files.createSymbolicLink(home.resolve("postgres"), Files.createDirectories(TestPostgres.unpacked()));
        return home;
    }

    private static Process hanging(String setting) throws Exception {
        return new ProcessBuilder(Tied.command(List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Hanging.class.getName(),
                        setting)))
                .redirectErrorStream(true)
                .start();
    }

    /** An application whose start never ends. */
    @Configuration(proxyBeanMethods = false)
    static class Hanging {

        static void main(String[] arguments) {
            Supervised.run(Hanging.class, List.of(), arguments[0], "--spring.main.web-application-type=none");
        }

        @Bean
        InitializingBean hangs() {
            return () -> {
                System.out.println("hanging");
                new CountDownLatch(1).await();
            };
        }
    }
}
