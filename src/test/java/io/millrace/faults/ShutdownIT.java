package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.client.Answer;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A clean shutdown by SIGTERM. */
class ShutdownIT {

    private static final String TOPIC = "shutdown";
    private static final byte[] ONE_RECORD = "{\"records\":[{\"value\":1}]}".getBytes(StandardCharsets.UTF_8);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void requestsInProgressAreAnsweredAndNewConnectionsRefused() throws Exception {
        TestDatabase database = TestPostgres.newDatabase();
        try (HubProcess hub = HubProcess.onDatabase("shutdown", database, 512)) {
            hub.awaitReady();
            HubCalls client = new HubCalls(hub);
            client.createTopic(TOPIC, 1);
            assertThat(client.produce(TOPIC, ONE_RECORD, PATIENCE).status()).isEqualTo(200);
            CompletableFuture<Answer> produce;
            CompletableFuture<Answer> longPoll = async(() -> client.read(TOPIC, 0, "offset=1&wait=30s"));
            CompletableFuture<Duration> end;
            try (LogLock lock = LogLock.take(database)) {
                produce = async(() -> client.produce(TOPIC, ONE_RECORD, PATIENCE));
                await().until(() -> lock.waiting() == 1);

                end = async(hub::terminate);
                // Requests on open connections may still be accepted, but the port must be closed.
                await().atMost(SOON)
                        .until(() -> refusesConnections(hub.http("/").getPort()));
                assertThat(produce).isNotDone();
            }

            Answer produced = produce.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(produced.status()).as(produced.text()).isEqualTo(200);
            Answer polled = longPoll.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(polled.status()).as(polled.text()).isEqualTo(200);
            assertThat(end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isLessThan(SOON);
        }
    }

    @Test
    void aWaitingReaderDoesNotDelayTheShutdown() throws Exception {
        try (HubProcess hub = HubProcess.onDatabase("shutdown-reader", TestPostgres.newDatabase(), 512)) {
            hub.awaitReady();
            HubCalls client = new HubCalls(hub);
            client.createTopic(TOPIC, 1);
            CompletableFuture<Answer> longPoll = async(() -> client.read(TOPIC, 0, "offset=0&wait=30s"));
            // Requests of one client overtake each other, but not by this much.
            await().pollDelay(Duration.ofMillis(500)).until(() -> !longPoll.isDone());

            Duration end = hub.terminate();

            Answer polled = longPoll.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(polled.status()).as(polled.text()).isEqualTo(200);
            assertThat(polled.text()).contains("\"records\":[]");
            assertThat(end).isLessThan(SOON);
        }
    }

    private static boolean refusesConnections(int port) throws IOException {
        try (Socket _ = new Socket("127.0.0.1", port)) {
            return false;
        } catch (ConnectException refused) {
            return true;
        }
    }

    private static <T> CompletableFuture<T> async(java.util.concurrent.Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(call.call());
            } catch (Exception failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }
}
