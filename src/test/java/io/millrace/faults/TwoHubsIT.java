package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.verify.check.LogCheck;
import io.millrace.verify.history.Logged;
import io.millrace.verify.load.Follower;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two hubs write the same partitions; one is killed, then the other frozen, and the log keeps its guarantees. */
class TwoHubsIT {

    private static final Logger log = LoggerFactory.getLogger(TwoHubsIT.class);

    private static final String TOPIC = "shared";
    private static final Duration READ = Duration.ofSeconds(40);
    private static final int PARTITIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration FREEZE = Duration.ofSeconds(4);

    @Test
    void oneIsKilledAndTheOtherFreezes() throws Exception {
        TestDatabase database = TestPostgres.newDatabase();
        try (HubProcess first = HubProcess.onDatabase("first", database, 512);
                HubProcess second = startSecond(first, database)) {
            HubCalls client = new HubCalls(second);
            client.createTopic(TOPIC, PARTITIONS);
            Producers producers = Producers.start(8, TOPIC, PATIENCE, first, second);
            Follower follower = Follower.start(second.url(), TOPIC, PARTITIONS, producers.history(), READ);
            try (follower;
                    producers) {
                producers.awaitStored(System.nanoTime(), 300);

                first.kill();
                long killed = System.nanoTime();
                producers.awaitStored(killed, 300);
                log.info("one hub killed: {}", producers.summary());

                first.restart();
                first.awaitReady();
                long frozen = System.nanoTime();
                try (HubProcess.Frozen _ = second.freeze()) {
                    await().pollDelay(FREEZE).until(() -> true);
                    assertThat(producers.storedSince(frozen + TimeUnit.SECONDS.toNanos(1)))
                            .isGreaterThan(100);
                }
                long thawed = System.nanoTime();
                producers.awaitStored(thawed, 300);
                log.info("the other hub frozen: {}", producers.summary());

                producers.close();
                List<Logged> drained = client.drain(TOPIC, PARTITIONS, producers.history());
                assertThat(LogCheck.of(producers.history().requests(), drained).first())
                        .isEmpty();
                assertThat(producers.unexplained()).isEmpty();
                // The follower reads pages of 500, and may be tens of thousands of records behind on a slow machine.
                await().atMost(Duration.ofSeconds(90))
                        .until(() -> follower.received().size() >= drained.size());
                assertThat(follower.received()).isEqualTo(drained);
                assertThat(follower.refusals()).isEmpty();
            }
        }
    }

    /** Both start at the same time and race to create the schema. */
    private static HubProcess startSecond(HubProcess first, TestDatabase database) throws Exception {
        HubProcess second = HubProcess.onDatabase("second", database, 512);
        first.awaitReady();
        second.awaitReady();
        return second;
    }
}
