package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.client.HubClient;
import io.millrace.client.RecordCalls;
import io.millrace.client.message.Join;
import io.millrace.stream.StreamTopics;
import io.millrace.stream.websocket.WsClient;
import io.millrace.testing.DatabaseTime;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.time.SettableTicker;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicConfig;
import io.millrace.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * Twenty-four hours of a hub: its own time and PostgreSQL's advance together, half an hour at a time. Intervals that
 * are shorter in a real hub are set to several steps, so that nothing is missed within one. Before asserting that a
 * loop has nothing to do yet, the test makes it run.
 */
@Timeout(300)
class DayIT {

    private static final Duration STEP = Duration.ofMinutes(30);

    private static final Duration LEASE = Duration.ofHours(3);

    private static final String[] SETTINGS = {
        "millrace.cluster.lease=" + LEASE.toHours() + "h",
        "millrace.cursors.retention=10h",
        "millrace.groups.max-session-timeout=2h",
        "millrace.stream.ping-interval=3h",
        "millrace.stream.pong-timeout=12h",
        "millrace.stream.stall-timeout=12h"
    };

    private final SettableTicker time = SettableTicker.flowing();
    private final TestDatabase database = TestPostgres.newDatabase();
    private final List<Call> everyStep = new ArrayList<>();
    private Duration lived = Duration.ZERO;

    /** A call by a client of the hub. */
    @FunctionalInterface
    private interface Call {
        void make() throws Exception;
    }

    @Test
    void aHubLivesThroughADay() throws Exception {
        try (Hub hub = Hub.startAt(time, database, SETTINGS);
                DatabaseTime rows = DatabaseTime.of(database)) {
            HubClient client = hub.client();
            JdbcClient jdbc = hub.bean(JdbcClient.class);
            // The hub's clock and PostgreSQL's begin at different dates: no record may expire for that.
            Topic flights = hub.bean(Topics.class)
                    .create("flights", 1, TopicConfig.DEFAULTS.withRetentionMs(TopicConfig.UNLIMITED));
            hub.createTopic("many", 150);
            StreamTopics.appendTo(hub, flights, 0, 1);

            String silent = join(client, Duration.ofMinutes(90));
            String calling = join(client, Duration.ofMinutes(120));
            everyStep.add(() -> client.members().heartbeat("calls", calling, null));
            try (var stream = client.records().follow("many", RecordCalls.Following.from("earliest"))) {
                assertThat(stream.next(Duration.ofSeconds(20))).isNotNull();
            }
            assertThat(bases(jdbc)).isEqualTo(1);

            try (WsClient connected = WsClient.connect(hub)
                    .send("{'type':'subscribe','id':'s','topics':['flights'],'group':'streams','from':'earliest',"
                            + "'credits':100}")) {
                String member = connected.next("assigned").get("member_id").asString();
                assertThat(connected.next("records").get("records").size()).isEqualTo(1);

                liveUntil(jdbc, rows, Duration.ofHours(1));
                hub.runLoop("group-sweep");
                assertThat(members(jdbc)).containsExactlyInAnyOrder(silent, calling, member);
                liveUntil(jdbc, rows, Duration.ofHours(2));
                await("the silent member is removed")
                        .untilAsserted(() -> assertThat(members(jdbc)).containsExactlyInAnyOrder(calling, member));

                aCursorsBaseIsRemovedAfterItsRetention(hub, jdbc, rows);
                aSegmentIsADayLong(hub, jdbc, rows);

                hub.runLoop("group-sweep");
                assertThat(members(jdbc)).containsExactlyInAnyOrder(calling, member);
                recordsGoToTheSecondSegmentAndAreDelivered(hub, jdbc, flights, connected);
            }
        }
    }

    /** Joins a member that lives by its calls. */
    private static String join(HubClient client, Duration sessionTimeout) throws Exception {
        return client.members()
                .join("calls", Join.of("flights").sessionTimeoutMs(Math.toIntExact(sessionTimeout.toMillis())))
                .memberId();
    }

    private void aCursorsBaseIsRemovedAfterItsRetention(Hub hub, JdbcClient jdbc, DatabaseTime rows) throws Exception {
        liveUntil(jdbc, rows, Duration.ofMinutes(11 * 60 + 30));
        hub.runLoop("cursor-sweep");
        assertThat(bases(jdbc))
                .as("ten hours, and two for uses that are noted late")
                .isEqualTo(1);
        liveUntil(jdbc, rows, Duration.ofMinutes(12 * 60 + 30));
        await().untilAsserted(() -> assertThat(bases(jdbc)).isZero());
    }

    private void aSegmentIsADayLong(Hub hub, JdbcClient jdbc, DatabaseTime rows) throws Exception {
        liveUntil(jdbc, rows, Duration.ofMinutes(24 * 60 - 30));
        hub.runLoop("segment-roller");
        assertThat(segments(jdbc)).containsExactly(1);
        liveUntil(jdbc, rows, Duration.ofMinutes(24 * 60 + 30));
        await("the first segment is a day old")
                .untilAsserted(() -> assertThat(segments(jdbc)).containsExactly(1, 2));
    }

    private static void recordsGoToTheSecondSegmentAndAreDelivered(
            Hub hub, JdbcClient jdbc, Topic flights, WsClient connected) throws Exception {
        await().ignoreExceptions()
                .until(() -> StreamTopics.appendTo(hub, flights, 0, 1).offsets()[0] == 1);
        JsonNode record = connected.next("records").get("records").get(0);
        assertThat(record.get("offset").longValue()).isEqualTo(1);
        assertThat(jdbc.sql("select segment from millrace.record_batch order by last_offset")
                        .query(Integer.class)
                        .list())
                .containsExactly(1, 2);
        assertThat(jdbc.sql("select (extract(epoch from max(appended_at) - min(appended_at)) / 60)::int"
                                + " from millrace.record_batch")
                        .query(Integer.class)
                        .single())
                .isBetween(24 * 60, 24 * 60 + 40);
    }

    /** Advances the time in steps, each after the node has renewed its lease since the previous one. */
    private void liveUntil(JdbcClient jdbc, DatabaseTime rows, Duration age) throws Exception {
        while (lived.compareTo(age) < 0) {
            rows.advance(STEP);
            time.advance(STEP);
            lived = lived.plus(STEP);
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> leaseLeft(jdbc).compareTo(LEASE.minus(STEP.multipliedBy(2))) > 0);
            for (Call call : everyStep) {
                call.make();
            }
        }
    }

    private static Duration leaseLeft(JdbcClient jdbc) {
        return Duration.ofSeconds(
                jdbc.sql("select extract(epoch from min(lease_until) - millrace.now())::int from millrace.node")
                        .query(Integer.class)
                        .single());
    }

    private static List<String> members(JdbcClient jdbc) {
        return jdbc.sql("select member_id from millrace.group_member")
                .query(String.class)
                .list();
    }

    private static List<Integer> segments(JdbcClient jdbc) {
        return jdbc.sql("select segment from millrace.segment order by segment")
                .query(Integer.class)
                .list();
    }

    private static int bases(JdbcClient jdbc) {
        return jdbc.sql("select count(*) from millrace.cursor_base")
                .query(Integer.class)
                .single();
    }
}
