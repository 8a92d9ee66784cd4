package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.HubClient;
import io.millrace.testing.TestDatabase;
import io.millrace.verify.VerifyShell;
import io.millrace.verify.load.RandomLoad;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.awaitility.core.TerminalFailureException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Hubs and standbys fail at random under load with acks=all, and in the middle of it the primary is lost for ever. More
 * and longer runs: {@code -Dit.test=FailoverDrillIT -Dfaults.seeds=1-20 -Dfaults.seconds=60}.
 */
class FailoverDrillIT {

    private static final int SECONDS = Integer.getInteger("faults.seconds", 30);

    /** A fault, and the pause after it, take so long on average. */
    private static final int SECONDS_PER_FAULT = 5;

    /** The log of a run is in many segments, which are rewritten all the time. */
    private static final String[] SETTINGS = {
        "millrace.cluster.lease=3s",
        "millrace.segment.max-size=256KB",
        "millrace.segment.check-interval=1s",
        "millrace.retention.check-interval=1s",
        "millrace.retention.work-share=1"
    };

    /** A topic whose records expire in the midst of the others. */
    private static final String FLEETING = "fleeting";

    private static final int KEYS = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final Duration REST = Duration.ofMillis(10);

    @TempDir
    private Path home;

    static LongStream seeds() {
        String[] range = System.getProperty("faults.seeds", "1-1").split("-");
        return LongStream.rangeClosed(Long.parseLong(range[0]), Long.parseLong(range[1]));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingThatAFollowerHadConfirmedIsLost(long seed) throws Exception {
        try (ReplicatedServers servers = ReplicatedServers.start(home, 2)) {
            TestDatabase database = servers.database();
            try (HubProcess first = HubProcess.onDatabase("failover-1", database, 256, SETTINGS);
                    HubProcess second = HubProcess.onDatabase("failover-2", database, 256, SETTINGS);
                    HubProcess third = HubProcess.onDatabase("failover-3", database, 256, SETTINGS);
                    HubClient client = new HubClient(first.url())) {
                List<HubProcess> hubs = List.of(first, second, third);
                hubs.forEach(HubProcess::awaitReady);
                client.topics().create(FLEETING, 4, Map.of("retention_ms", 1000));
                Producers fleeting = Producers.start(
                        List.of(new RandomLoad(1, KEYS), new RandomLoad(2, KEYS)),
                        FLEETING,
                        PATIENCE,
                        REST,
                        first,
                        second,
                        third);
                CompletableFuture<VerifyShell.Result> run = verify(seed, hubs);
                RandomFaults faults = new RandomFaults(seed, hubs, servers);
                faults.awaitLoad();
                int half = Math.max(1, SECONDS / SECONDS_PER_FAULT / 2 - 1);
                for (int i = 0; i < half; i++) {
                    faults.inject();
                }
                faults.failOver();
                for (int i = 0; i < half; i++) {
                    faults.inject();
                }
                // Those that were killed are needed for the end of the run.
                for (HubProcess hub : hubs) {
                    revive(hub);
                }

                VerifyShell.Result result = run.join();
                fleeting.close();
                String report = "seed %d, %s%n%s%s".formatted(seed, faults.injected(), result.out(), result.err());
                assertThat(result.exitCode()).as(report).isZero();
                JsonNode results = JsonMapper.shared().readTree(result.out()).path("results");
                assertThat(results.path("requests_stored").intValue()).isGreaterThan(100);
                assertThat(results.path("requests_not_stored").intValue()
                                + results.path("requests_unknown").intValue())
                        .isPositive();
            }
        }
    }

    /** As a supervisor does: a hub that does not find a leader while it starts ends. */
    private static void revive(HubProcess hub) throws IOException {
        try {
            hub.awaitReady();
        } catch (TerminalFailureException ended) {
            hub.restart();
            hub.awaitReady();
        }
    }

    /** Not in the common pool: the HTTP client completes its answers there. */
    private static CompletableFuture<VerifyShell.Result> verify(long seed, List<HubProcess> hubs) {
        StringBuilder arguments = new StringBuilder("--acks all --min-insync-replicas 2 --consumers 6 --rate 500"
                + " --timeout 4s --settling 60s --output json --seed " + seed + " --duration " + SECONDS + "s");
        hubs.forEach(hub -> arguments.append(" --url ").append(hub.url()));
        CompletableFuture<VerifyShell.Result> run = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> run.complete(VerifyShell.run(arguments.toString())));
        return run;
    }
}
