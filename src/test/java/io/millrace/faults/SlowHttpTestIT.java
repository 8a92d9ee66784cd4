package io.millrace.faults;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The attacks of Debian's {@code slowhttptest}, a thousand connections each; skipped without it. */
class SlowHttpTestIT {

    private static final Logger log = LoggerFactory.getLogger(SlowHttpTestIT.class);

    private static final Path PROGRAM = Path.of("/usr/bin/slowhttptest");
    private static final int HEAP_MEGABYTES = 512;
    private static final long BOUND = 1024L * 1024 * 1024;
    private static final int TIME = 8;

    private static HubProcess hub;
    private static Bystanders others;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Files.isExecutable(PROGRAM), "slowhttptest is not installed");
        hub = HubProcess.onDatabase("slowhttptest", TestPostgres.newDatabase(), HEAP_MEGABYTES);
        hub.awaitReady();
        others = new Bystanders(hub.http("/").getPort(), "bystanders");
        others.createTopic();
    }

    @AfterAll
    static void stop() throws Exception {
        if (hub != null) {
            hub.close();
        }
    }

    /** Slow heads, slow bodies, overlapping ranges, and answers that are read slowly. */
    @ParameterizedTest
    @ValueSource(strings = {"-H", "-B", "-R", "-X"})
    void otherClientsAreNotAffected(String attack) throws Exception {
        Process slow = new ProcessBuilder(Stream.of(
                                List.of(
                                        PROGRAM.toString(),
                                        attack,
                                        "-c",
                                        "1000",
                                        "-r",
                                        "500",
                                        "-i",
                                        "2",
                                        "-l",
                                        "" + TIME),
                                List.of("-p", "3", "-u", target(attack)))
                        .flatMap(List::stream)
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            long end = System.nanoTime() + SECONDS.toNanos(TIME);
            Bystanders.Notice notice = others.run(() -> System.nanoTime() < end);
            log.info("slowhttptest {}: {}, {} MB", attack, notice, HostileShow.peak(hub.pid()) >> 20);
            assertThat(notice.troubles()).isEmpty();
            assertThat(notice.records()).isPositive();
        } finally {
            slow.destroy();
            assertThat(slow.waitFor(20, SECONDS)).isTrue();
        }
        assertThat(HostileShow.peak(hub.pid())).isLessThan(BOUND);
        assertThat(hub.isAlive()).isTrue();
        assertThat(hub.log()).doesNotContain("OutOfMemoryError", " ERROR ");
    }

    private static String target(String attack) {
        return hub.http(
                        attack.equals("-B")
                                ? "/v1/topics/bystanders/records"
                                : "/v1/topics/bystanders/partitions/0/records")
                .toString();
    }
}
