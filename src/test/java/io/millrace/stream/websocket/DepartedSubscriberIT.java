package io.millrace.stream.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.stream.StreamTopics;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.testing.Trouble;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A failing subscription is an error in the log if its client is connected, and none if the client has gone. */
class DepartedSubscriberIT {

    private static final TestDatabase DATABASE = TestPostgres.newDatabase();

    private static final int LONG = 20_000;

    private static final int DEPARTURES = 200;

    private static Hub hub;

    @BeforeAll
    static void start() {
        hub = Hub.start(DATABASE);
        StreamTopics.append(hub, hub.createTopic("history", 1), 0, 10);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void aReadThatFailsAfterItsClientHasGoneIsNoTrouble() throws SQLException {
        try (Trouble trouble = Trouble.listen()) {
            failingRead(client -> {
                client.close();
                await("the hub has seen that its client is gone").until(() -> clients() == 0);
            });
            await().during(Duration.ofMillis(300)).until(() -> trouble.events().isEmpty());
        }
    }

    @Test
    void aReadThatFailsWhileItsClientWaitsIsTrouble() throws SQLException {
        try (Trouble trouble = Trouble.listen()) {
            failingRead(_ -> {});
            await().untilAsserted(() -> assertThat(trouble.events())
                    .singleElement()
                    .asString()
                    .containsPattern("ERROR .*WsSubscription")
                    .contains("PSQLException"));
        }
    }

    /** A subscription must notice the end of its connection even while it is sending, or it would run for ever. */
    @Test
    void theSubscriptionEndsWhenItsClientDisconnectsWhileRecordsAreSent() {
        StreamTopics.append(hub, hub.createTopic("long", 1), 0, LONG);
        for (int i = 0; i < DEPARTURES; i++) {
            try (WsClient client = WsClient.connect(hub)
                    .send("{'type':'subscribe','id':'s','topics':['long'],'from':'earliest','credits':1000000}")) {
                client.next("assigned");
                client.next("records");
            }
        }

        await("all subscriptions have ended").until(() -> subscriptions() == 0);
    }

    private interface Step {
        void run(WsClient client);
    }

    /**
     * A read that waits for a lock and then finds that its table has changed.
     *
     * @param before run while the read waits
     */
    private static void failingRead(Step before) throws SQLException {
        try (Connection database =
                        DriverManager.getConnection(DATABASE.jdbcUrl(), DATABASE.username(), DATABASE.password());
                Statement statement = database.createStatement()) {
            database.setAutoCommit(false);
            try (WsClient client = WsClient.connect(hub)
                    .send("{'type':'subscribe','id':'s','topics':['history'],'from':'latest','credits':10}")) {
                client.next("assigned");
                statement.execute("lock table millrace.record_batch");
                client.send("{'type':'seek','id':'s','partitions':[{'partition':0,'next_offset':0}]}");
                await("the read waits").until(() -> waiting(statement) == 1);
                before.run(client);
                statement.execute("alter table millrace.record_batch rename formats to forms");
                database.commit();
                await("the subscription has ended").until(() -> subscriptions() == 0);
                statement.execute("alter table millrace.record_batch rename forms to formats");
                database.commit();
            }
        }
    }

    private static double clients() {
        return hub.bean(MeterRegistry.class)
                .get("millrace.stream.clients")
                .tag("protocol", "ws")
                .gauge()
                .value();
    }

    private static double subscriptions() {
        return hub.bean(MeterRegistry.class)
                .get("millrace.fetch.subscriptions")
                .gauge()
                .value();
    }

    private static int waiting(Statement statement) throws SQLException {
        try (ResultSet row =
                statement.executeQuery("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                        + " and datname = current_database() and query like '%bytes_before%'")) {
            row.next();
            return row.getInt(1);
        }
    }
}
