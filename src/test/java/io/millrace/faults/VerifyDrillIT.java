package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.verify.VerifyShell;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A drill as in {@code docs/verify.md}: hubs that keep their promises pass it, whatever is done to them meanwhile. */
class VerifyDrillIT {

    private static final Duration LEASE = Duration.ofSeconds(3);

    @Test
    void aKillAndAFreezeAreNotTakenForBrokenPromises() throws Exception {
        TestDatabase database = TestPostgres.newDatabase();
        try (HubProcess first = HubProcess.onDatabase("drill-1", database, 256, "millrace.cluster.lease=3s");
                HubProcess second = HubProcess.onDatabase("drill-2", database, 256, "millrace.cluster.lease=3s")) {
            first.awaitReady();
            second.awaitReady();
            // Not in the common pool: the HTTP client completes its answers there.
            CompletableFuture<VerifyShell.Result> run = new CompletableFuture<>();
            Thread.ofPlatform()
                    .start(() -> run.complete(VerifyShell.run(
                            "--url %s --url %s --consumers 6 --duration 40s --rate 800 --timeout 2s --output json"
                                    .formatted(first.url(), second.url()))));

            pause(Duration.ofSeconds(3));
            first.kill();
            pause(Duration.ofSeconds(1));
            first.restart();
            first.awaitReady();
            pause(Duration.ofSeconds(2));
            try (HubProcess.Frozen _ = second.freeze()) {
                pause(LEASE.plusSeconds(2));
            }
            assertThat(run).as("the faults came during the run").isNotDone();
            VerifyShell.Result result = run.join();

            assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
            JsonNode results = JsonMapper.shared().readTree(result.out()).path("results");
            assertThat(results.path("requests_stored").intValue()).isGreaterThan(200);
            assertThat(results.path("requests_unknown").intValue()
                            + results.path("requests_not_stored").intValue())
                    .isPositive();
            assertThat(results.path("group_errors").path("no_answer").intValue())
                    .isPositive();
        }
    }

    private static void pause(Duration length) {
        await().pollDelay(length).atMost(length.plusSeconds(5)).until(() -> true);
    }
}
