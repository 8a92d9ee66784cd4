package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.client.message.CommitOffset;
import io.millrace.client.message.Frame;
import io.millrace.client.message.Group;
import io.millrace.client.message.Join;
import io.millrace.client.message.MemberRecords;
import io.millrace.client.message.Membership;
import io.millrace.client.message.NewRecords;
import io.millrace.client.message.Position;
import io.millrace.client.message.ProduceResult;
import io.millrace.client.message.Subscription;
import io.millrace.client.message.Topic;
import io.millrace.codec.ReadPage;
import io.millrace.codec.ReadRecord;
import io.millrace.event.Acks;
import io.millrace.event.NewRecord;
import io.millrace.event.TopicPartition;
import io.millrace.testing.Hub;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every part of the client, against a hub. */
@Timeout(60)
class HubClientIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static Hub hub;
    private static HubClient client;

    @BeforeAll
    static void start() {
        hub = Hub.start();
        client = new HubClient(HubUrl.parse(hub.http("").toString()));
    }

    @AfterAll
    static void stop() {
        client.close();
        hub.close();
    }

    @Test
    void topicsAreCreatedListedChangedAndDeleted() throws Exception {
        Topic made = client.topics().create("made-1", 2, Map.of("max_record_bytes", 1000));
        client.topics().create("made-2", 1, Map.of());

        assertThat(made.partitions()).hasSize(2);
        assertThat(made.config().maxRecordBytes()).isEqualTo(1000);
        assertThat(client.topics().describe("made-1")).isEqualTo(made);
        assertThat(client.topics().list("made-", "made-1").topics())
                .extracting(Topic.Summary::name)
                .containsExactly("made-2");
        assertThat(client.topics().change("made-1", 3, Map.of("retention_ms", 5000)))
                .satisfies(changed -> assertThat(changed.partitions()).hasSize(3))
                .satisfies(changed -> assertThat(changed.config().retentionMs()).isEqualTo(5000));
        assertThat(client.topics().describeOrCreate("made-1", 7).partitions()).hasSize(3);
        assertThat(client.topics().describeOrCreate("made-3", 7).partitions()).hasSize(7);
        client.topics().delete("made-1");
        assertThat(client.topics().list("made-", null).topics())
                .extracting(Topic.Summary::name)
                .containsExactly("made-2", "made-3");
        assertThat(refusal(() -> client.topics().describe("made-1")).code()).isEqualTo("unknown_topic");
        assertThat(refusal(() -> client.topics().create("made-2", 1, Map.of())).status())
                .isEqualTo(409);
    }

    @Test
    void producedRecordsAreReadAsPagesAndLines() throws Exception {
        client.topics().create("pages", 2, Map.of());
        List<NewRecord> sent =
                List.of(record(0, "{\"a\": 1.0}"), record(1, "true"), record(0, "\"x\""), bytes(0, new byte[] {0, -1}));

        ProduceResult stored = client.records().produce("pages", sent, Acks.LEADER);

        assertThat(stored.results())
                .containsExactly(
                        new ProduceResult.StoredAt(0, 0),
                        new ProduceResult.StoredAt(1, 0),
                        new ProduceResult.StoredAt(0, 1),
                        new ProduceResult.StoredAt(0, 2));
        ReadPage page =
                client.records().read("pages", 0, RecordCalls.Range.from(0).limit(2));
        assertThat(page.nextOffset()).isEqualTo(2);
        assertThat(page.highWatermark()).isEqualTo(3);
        assertThat(page.startOffset()).isZero();
        assertThat(values(page.records())).containsExactly("{\"a\": 1.0}", "\"x\"");
        assertThat(client.records()
                        .read("pages", 0, RecordCalls.Range.from(2))
                        .records()
                        .getFirst()
                        .value())
                .containsExactly(0, -1);
        try (RecordLines lines = client.records().lines("pages", 0, 1)) {
            assertThat(lines.next(PATIENCE).offset()).isEqualTo(1);
            assertThat(lines.next(PATIENCE).value()).containsExactly(0, -1);
            assertThat(lines.next(PATIENCE)).isNull();
        }
        assertThat(client.records().produce("pages", sent, Acks.NONE).results()).isEmpty();
    }

    @Test
    void aReadWaitsForTheFirstRecord() throws Exception {
        client.topics().create("waited", 1, Map.of());
        Thread producer = Thread.ofVirtual().start(() -> {
            try {
                client.records().produce("waited", List.of(record(0, "1")), Acks.LEADER);
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        });

        ReadPage page =
                client.records().read("waited", 0, RecordCalls.Range.from(0).patience(PATIENCE));

        assertThat(page.records()).hasSize(1);
        producer.join();
    }

    @Test
    void aRefusalSaysWhatIsWrongAndWhere() throws Exception {
        client.topics().create("wrong", 1, Map.of());

        RefusedException refusal =
                refusal(() -> client.records().produce("wrong", List.of(record(0, "1"), record(0, "{")), Acks.LEADER));

        assertThat(refusal.code()).isEqualTo("malformed_json");
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.retryable()).isFalse();
        assertThat(refusal.problem().places()).singleElement().satisfies(place -> assertThat(place.pointer())
                .isEqualTo("#/records/1/value"));
        assertThat(refusal(() -> client.records().produce("wrong", List.of(record(7, "1")), Acks.LEADER))
                        .problem()
                        .places())
                .singleElement()
                .satisfies(place -> assertThat(place.pointer()).isEqualTo("#/records/0/partition"));
        assertThat(refusal(() -> client.records().read("wrong", 0, RecordCalls.Range.from(9)))
                        .problem()
                        .number("next_offset"))
                .hasValue(0);
    }

    @Test
    void anEventStreamFollowsATopicAndContinuesAfterACursor() throws Exception {
        client.topics().create("followed", 1, Map.of());
        produce("followed", 0, 5);
        String cursor;
        try (EventStream events = client.records().follow("followed", RecordCalls.Following.from("earliest"))) {
            assertThat(next(events).frame())
                    .isEqualTo(new Frame.Assigned("", "", 0, List.of(new Position("followed", 0, 0))));
            assertThat(offset(next(events))).isZero();
            Frame.Event second = next(events);
            assertThat(offset(second)).isEqualTo(1);
            cursor = Objects.requireNonNull(second.cursor());
        }
        try (EventStream events = client.records().follow("followed", RecordCalls.Following.behind(cursor))) {
            assertThat(next(events).frame()).isInstanceOf(Frame.Assigned.class);
            assertThat(offset(next(events))).isEqualTo(2);
        }
        assertThat(refusal(() -> client.records().follow("nowhere", RecordCalls.Following.from("latest")))
                        .code())
                .isEqualTo("unknown_topic");
    }

    @Test
    void aMemberPollsCommitsAndLeaves() throws Exception {
        client.topics().create("polled", 2, Map.of());
        produce("polled", 0, 3);
        Membership joined = client.members().join("pollers", Join.of("polled").from("earliest"));
        String member = joined.memberId();

        assertThat(joined.assignment()).hasSize(2);
        MemberRecords polled = client.members().poll("pollers", member, new MemberCalls.Poll(PATIENCE, 10, null));
        ReadPage page = polled.partitions().getFirst();
        assertThat(values(page.records())).containsExactly("0", "1", "2");
        client.members()
                .commit(
                        "pollers",
                        member,
                        polled.membership().epoch(),
                        List.of(new CommitOffset("polled", 0, page.epoch(), page.nextOffset(), "done")));
        Membership heard = client.members().heartbeat("pollers", member, joined.epoch());
        assertThat(heard.epoch()).isEqualTo(joined.epoch());
        assertThat(heard.heartbeatMs()).isPositive();
        RefusedException stale = refusal(() -> client.members()
                .commit("pollers", member, null, List.of(new CommitOffset("polled", 1, 10_000L, 0, null))));
        assertThat(stale.code()).isEqualTo("stale_member_epoch");
        assertThat(stale.problem().places()).singleElement().satisfies(place -> assertThat(place.pointer())
                .startsWith("#/offsets/0"));
        client.members().leave("pollers", member);
        assertThat(client.groups().describe("pollers").members()).isEmpty();
    }

    @Test
    void groupsAreListedDescribedResetAndDeleted() throws Exception {
        client.topics().create("grouped", 1, Map.of());
        produce("grouped", 0, 4);
        Membership joined = client.members()
                .join("ops-1", Join.of("grouped").from("earliest").instance("i"));
        client.members().commit("ops-1", joined.memberId(), joined.epoch(), List.of(new CommitOffset("grouped", 0, 3)));

        Group group = client.groups().describe("ops-1");
        assertThat(group.lag()).isEqualTo(1);
        assertThat(group.members()).singleElement().satisfies(member -> {
            assertThat(member.instanceId()).isEqualTo("i");
            assertThat(member.assignment()).containsExactly(new TopicPartition("grouped", 0));
        });
        assertThat(client.groups().list("ops-", null).groups())
                .extracting(Group.Summary::group)
                .containsExactly("ops-1");
        client.members().leave("ops-1", joined.memberId());
        assertThat(client.groups().reset("ops-1", new GroupCalls.Target.Shift(-2), List.of("grouped"), List.of(), true))
                .containsExactly(new Group.Moved("grouped", 0, 3, 1));
        assertThat(client.groups().offsets("ops-1")).singleElement().satisfies(offset -> assertThat(offset.nextOffset())
                .isEqualTo(3));
        assertThat(client.groups()
                        .reset(
                                "ops-1",
                                new GroupCalls.Target.Earliest(),
                                List.of(),
                                List.of(new TopicPartition("grouped", 0)),
                                false))
                .containsExactly(new Group.Moved("grouped", 0, 3, 0));
        client.groups().delete("ops-1");
        assertThat(refusal(() -> client.groups().describe("ops-1")).code()).isEqualTo("unknown_group");
    }

    @Test
    void anEventStreamIsAMember() throws Exception {
        client.topics().create("streamed", 1, Map.of());
        produce("streamed", 0, 1);
        try (EventStream events =
                client.groups().join("streamers", Join.of("streamed").from("earliest"))) {
            Frame.Assigned assigned = (Frame.Assigned) next(events).frame();
            Frame.Event record = next(events);
            assertThat(record.cursor()).isNull();
            client.members()
                    .commit("streamers", assigned.memberId(), null, List.of(new CommitOffset("streamed", 0, 1)));
            assertThat(client.groups().describe("streamers").lag()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Subprotocol.class)
    void aSocketProducesSubscribesSeeksAndStops(Subprotocol subprotocol) throws Exception {
        String topic = "socket-" + subprotocol.token();
        client.topics().create(topic, 1, Map.of());
        FrameQueue frames = new FrameQueue();
        try (HubSocket socket = client.socket(subprotocol, frames)) {
            socket.produce("p", topic, Acks.LEADER, List.of(record(0, "{\"a\": 1.0}"), record(0, "1")));
            assertThat(next(frames))
                    .isEqualTo(new Frame.Produced(
                            "p",
                            new ProduceResult(
                                    List.of(new ProduceResult.StoredAt(0, 0), new ProduceResult.StoredAt(0, 1)))));
            socket.subscribe(Subscription.toPartitions("s", topic, List.of(new Subscription.Start(0, 0)), 1));
            assertThat(next(frames)).isEqualTo(new Frame.Assigned("s", "", 0, List.of(new Position(topic, 0, 0))));
            assertThat(values(page(next(frames)).records())).containsExactly("{\"a\": 1.0}");
            socket.permit("s", 1);
            assertThat(page(next(frames)).nextOffset()).isEqualTo(2);
            socket.pause("s", List.of());
            socket.seek("s", List.of(new Position(topic, 0, 1)));
            assertThat(next(frames)).isEqualTo(new Frame.Assigned("s", "", 0, List.of(new Position(topic, 0, 1))));
            socket.permit("s", 5);
            socket.resume("s", List.of(new TopicPartition(topic, 0)));
            assertThat(values(page(next(frames)).records())).containsExactly("1");
            socket.unsubscribe("s");
            assertThat(next(frames))
                    .isEqualTo(new Frame.Revoked("s", "unsubscribed", List.of(new TopicPartition(topic, 0))));
            socket.produce("p2", "nowhere", Acks.LEADER, List.of(record(0, "1")));
            Frame.Error error = (Frame.Error) next(frames);
            assertThat(error.ref()).isEqualTo("p2");
            assertThat(error.problem().code()).isEqualTo("unknown_topic");
        }
        assertThat(catchThrowableOfType(NoAnswerException.class, () -> frames.next(PATIENCE))
                        .fate())
                .isEqualTo(NoAnswerException.Fate.CUT_OFF);
    }

    @Test
    void aSocketIsAMemberOfAGroup() throws Exception {
        client.topics().create("members", 2, Map.of());
        produce("members", 1, 2);
        FrameQueue frames = new FrameQueue();
        try (HubSocket socket = client.socket(Subprotocol.BINARY, frames)) {
            socket.subscribe(Subscription.inGroup(
                    "m", "members-of-it", Join.of("members").from("earliest"), 10));
            assertThat(((Frame.Assigned) next(frames)).partitions()).hasSize(2);
            ReadPage page = page(next(frames));
            assertThat(page.memberEpoch()).isPresent();
            socket.commit("m", "c", List.of(new CommitOffset("members", 1, page.epoch(), page.nextOffset(), null)));
            assertThat(next(frames)).isEqualTo(new Frame.Committed("c"));
        }
    }

    @Test
    void anyRequestCanBeSentEvenWithoutAMethodForIt() throws Exception {
        assertThat(client.get("/livez").status()).isEqualTo(200);
        assertThat(client.get("/v1/nowhere").problem().code()).isEqualTo("not_found");
        assertThat(client.send(
                                "GET",
                                "/v1/limits",
                                java.net.http.HttpRequest.BodyPublishers.noBody(),
                                "Accept",
                                "text/css")
                        .join()
                        .status())
                .isEqualTo(406);
    }

    private static void produce(String topic, int partition, int count) throws Exception {
        List<NewRecord> records = IntStream.range(0, count)
                .mapToObj(i -> record(partition, Integer.toString(i)))
                .toList();
        client.records().produce(topic, records, Acks.LEADER);
    }

    private static NewRecord record(int partition, String json) {
        NewRecord record = NewRecords.json("k", json);
        return new NewRecord(partition, -1, record.key(), record.value(), null, record.format());
    }

    private static NewRecord bytes(int partition, byte[] value) {
        NewRecord record = NewRecords.bytes(null, value);
        return new NewRecord(partition, -1, record.key(), record.value(), null, record.format());
    }

    private static List<String> values(List<ReadRecord> records) {
        List<String> values = new ArrayList<>();
        records.forEach(record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
        return values;
    }

    private static Frame.Event next(EventStream events) throws Exception {
        return Objects.requireNonNull(events.next(PATIENCE));
    }

    private static Frame next(FrameQueue frames) throws Exception {
        return Objects.requireNonNull(frames.next(PATIENCE));
    }

    private static long offset(Frame.Event event) {
        return page(event.frame()).records().getFirst().offset();
    }

    private static ReadPage page(Frame frame) {
        assertThat(frame).isInstanceOf(Frame.Records.class);
        return ((Frame.Records) frame).page();
    }

    private static RefusedException refusal(ThrowingCallable call) {
        RefusedException refusal = catchThrowableOfType(RefusedException.class, call);
        assertThat(refusal).isNotNull();
        return refusal;
    }
}
