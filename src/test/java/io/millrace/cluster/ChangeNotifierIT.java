package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.millrace.database.DedicatedConnections;
import io.millrace.testing.TestPostgres;
import io.millrace.time.SettableTicker;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** A notifier whose rounds the tests make; they hear what it sends on a connection of their own. */
class ChangeNotifierIT {

    private final SettableTicker ticker = SettableTicker.standing();
    private final DedicatedConnections connections =
            new DedicatedConnections(TestPostgres.newDatabase().connectionDetails());
    private final Node node = new Node(new NoRows(), Duration.ofSeconds(10), ticker);
    private ChangeNotifier notifier = new ChangeNotifier(node, connections, Duration.ZERO, ticker);
    private Connection ear;

    @BeforeEach
    void listen() throws SQLException {
        ear = connections.open("ear", "listen millrace_changes");
        node.met();
    }

    @AfterEach
    void close() throws SQLException {
        notifier.close();
        ear.close();
    }

    @Test
    void ofSeveralVersionsTheHighestIsSent() throws Exception {
        notifier.publish("apple", 1, 5);
        notifier.publish("apple", 1, 7);
        notifier.publish("apple", 1, 6);
        notifier.publish("apple", 2, -1);

        notifier.round();

        assertThat(sent()).containsExactly(node.name() + ";apple;1:7,2:-1,");
    }

    @Test
    void eachKindHasItsOwnMessageAndNothingIsSentTwice() throws Exception {
        notifier.publish("apple", 1, 5);
        notifier.publish("pear", 1, 6);
        notifier.round();
        assertThat(sent()).containsExactlyInAnyOrder(node.name() + ";apple;1:5,", node.name() + ";pear;1:6,");

        notifier.round();

        assertThat(sent()).isEmpty();
    }

    @Test
    void aNodeThatIsAloneOnlySaysThatItIsThere() throws Exception {
        node.renew();

        notifier.publish("apple", 1, 5);
        notifier.hello();
        notifier.round();

        assertThat(sent()).containsExactly(node.name() + ";hello;0:0,");
    }

    @Test
    void manyChangesGoInSeveralMessages() throws Exception {
        int changes = 2 * ChangeNotifier.MOST_CHANGES + 1;
        for (int id = 0; id < changes; id++) {
            notifier.publish("apple", Integer.MIN_VALUE + id, Long.MIN_VALUE + id);
        }

        notifier.round();

        List<String> sent = sent();
        Set<Integer> ids = new HashSet<>();
        sent.forEach(
                payload -> ids.addAll(ChangeMessage.parse(payload).versions().keySet()));
        assertThat(sent).hasSize(3);
        assertThat(ids).hasSize(changes);
    }

    @Test
    void aChangeThatCannotBeSentIsDroppedAndTheNextIsSent() throws Exception {
        notifier.publish("apple", 1, 5);
        notifier.round();
        assertThat(sent()).hasSize(1);
        cutTheNotifierOff();
        notifier.publish("apple", 1, 6);
        assertThatExceptionOfType(SQLException.class).isThrownBy(notifier::round);
        notifier.publish("apple", 2, 7);

        notifier.round();

        assertThat(sent()).containsExactly(node.name() + ";apple;2:7,");
    }

    @Test
    void itIsWokenByEachChangeAndRestsAfterEachMessage() throws Exception {
        List<String> wakes = new ArrayList<>();
        notifier = new ChangeNotifier(node, connections, Duration.ofMillis(2), ticker);
        notifier.wakeBy(() -> wakes.add("woken"));
        notifier.round();
        assertThat(wakes).isEmpty();
        notifier.publish("apple", 1, 5);
        assertThat(wakes).hasSize(1);

        CompletableFuture<Void> round = CompletableFuture.runAsync(() -> {
            try {
                notifier.round();
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        });

        await().until(() -> ticker.waiting() == 1);
        assertThat(sent()).hasSize(1);
        ticker.advance(Duration.ofMillis(2).minusNanos(1));
        assertThat(round).isNotDone();
        ticker.advance(Duration.ofNanos(1));
        await().until(round::isDone);
        round.join();
    }

    /** All that has been sent until now: notifications come in the order of their commits. */
    private List<String> sent() throws SQLException {
        try (Statement last = ear.createStatement()) {
            last.execute("notify millrace_changes, 'last'");
        }
        List<String> payloads = new ArrayList<>();
        while (!payloads.contains("last")) {
            PGNotification[] some = ear.unwrap(PGConnection.class).getNotifications(10_000);
            assertThat(some).isNotNull();
            for (PGNotification notification : some) {
                payloads.add(notification.getParameter());
            }
        }
        payloads.remove("last");
        return payloads;
    }

    private void cutTheNotifierOff() throws SQLException {
        connections
                .open(
                        "killer",
                        "select pg_terminate_backend(pid, 10000) from pg_stat_activity"
                                + " where datname = current_database() and application_name = 'millrace notifier'")
                .close();
    }
}
