package io.millrace.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.append.Appender;
import io.millrace.budget.ClientMemory;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.time.Ticker;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicCatalogue;
import io.millrace.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two nodes on one database: subscribers on either node get the records that both store. */
class SubscriptionIT {

    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final long MEMORY = 64 * 1024 * 1024;

    private static Hub one;
    private static Hub two;

    @BeforeAll
    static void start() {
        TestDatabase database = TestPostgres.newDatabase();
        one = Hub.start(database);
        two = Hub.start(database);
        await().until(() ->
                one.bean(Appender.class).ready() && two.bean(Appender.class).ready());
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
    }

    @Test
    void liveRecordsFollowHistoryWithoutAGap() throws Exception {
        Topic topic = one.createTopic("seamless", 1);
        store(one, topic, 0, 500);
        try (Subscription subscription = subscribe(one, topic, new StartPosition.Earliest())) {
            Thread writer = Thread.ofVirtual().start(() -> store(one, topic, 500, 2000));

            assertThat(take(subscription, 2000)).isEqualTo(numbers(0, 2000));
            writer.join();
        }
    }

    @Test
    void aSubscriberGetsTheRecordsOfBothNodes() throws Exception {
        Topic topic = one.createTopic("both", 1);
        try (Subscription subscription = subscribe(two, topic, new StartPosition.Latest())) {
            Thread first = Thread.ofVirtual().start(() -> store(one, topic, 0, 400));
            Thread second = Thread.ofVirtual().start(() -> store(two, topic, 1000, 1400));

            List<String> taken = take(subscription, 800);
            first.join();
            second.join();

            assertThat(taken.stream().filter(value -> Integer.parseInt(value) < 1000))
                    .containsExactlyElementsOf(numbers(0, 400));
            assertThat(taken.stream().filter(value -> Integer.parseInt(value) >= 1000))
                    .containsExactlyElementsOf(numbers(1000, 1400));
        }
    }

    @Test
    void notificationsReachTheOtherNodeQuickly() throws Exception {
        Topic topic = one.createTopic("quick", 1);
        try (Subscription subscription = subscribe(two, topic, new StartPosition.Latest())) {
            await().untilAsserted(() -> {
                store(one, topic, 0, 1);
                take(subscription, 1);
                assertThat(notifiers()).isPositive();
            });
            List<Long> millis = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                long start = System.nanoTime();
                store(one, topic, i, i + 1);
                take(subscription, 1);
                millis.add((System.nanoTime() - start) / 1_000_000);
            }
            millis.sort(null);
            // Far below the interval of looks at the database (200 ms), so notifications brought the records.
            assertThat(millis.get(25)).isLessThan(80);
        }
    }

    @Test
    void nothingIsMissedWhenNotificationsAreLost() throws Exception {
        Topic topic = one.createTopic("lost", 2);
        try (Subscription subscription = subscribe(two, topic, new StartPosition.Earliest())) {
            for (int round = 0; round < 3; round++) {
                terminate("millrace listener");
                store(one, topic, 100 * round, 100 * round + 100);
                assertThat(take(subscription, 100)).hasSize(100);
            }
        }
    }

    @Test
    void aSubscriptionSurvivesTheLossOfEveryConnection() throws Exception {
        Topic topic = one.createTopic("cut", 1);
        try (Subscription subscription = subscribe(one, topic, new StartPosition.Earliest())) {
            store(one, topic, 0, 100);
            assertThat(take(subscription, 100)).isEqualTo(numbers(0, 100));
            terminate("%");
            await().ignoreExceptions().untilAsserted(() -> store(one, topic, 100, 101));

            assertThat(take(subscription, 1)).isEqualTo(numbers(100, 101));
        }
        Topic other = one.createTopic("cut-too", 1);
        for (Hub hub : List.of(one, two)) {
            await().ignoreExceptions().untilAsserted(() -> store(hub, topic, 0, 1));
            await().ignoreExceptions().untilAsserted(() -> store(hub, other, 0, 1));
        }
    }

    @Test
    void readersOfTheSameTailShareOneReadFromTheDatabase() throws Exception {
        Topic topic = one.createTopic("shared", 1);
        List<Subscription> subscriptions = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            subscriptions.add(subscribe(two, topic, new StartPosition.Latest()));
        }
        double before = databaseReads(two);
        store(one, topic, 0, 50);
        for (Subscription subscription : subscriptions) {
            assertThat(take(subscription, 50)).isEqualTo(numbers(0, 50));
            subscription.close();
        }

        // At most one read for each batch, not one for each batch and subscriber.
        assertThat(batches(topic)).isPositive();
        assertThat(databaseReads(two) - before).isBetween(1.0, (double) batches(topic) + 1);
    }

    @Test
    void anExpiredOffsetIsResetToTheStartAndOneBeyondTheEndToTheEnd() throws Exception {
        Topic topic = one.createTopic("reset", 1);
        store(one, topic, 0, 10);
        jdbc().sql("update millrace.partition_head set start_offset = 4 where partition_id = :id")
                .param("id", topic.partitionId(0))
                .update();
        TopicPartition partition = new TopicPartition("reset", 0);
        try (Subscription subscription = subscribe(one, topic, new StartPosition.AtOffset(2))) {
            assertThat(subscription.next(100, 1 << 20, WAIT)).isEqualTo(new Delivery.Reset(partition, 2, 4, 10));
            assertThat(take(subscription, 6)).isEqualTo(numbers(4, 10));
            subscription.seek(partition, 99);
            assertThat(subscription.next(100, 1 << 20, WAIT)).isEqualTo(new Delivery.Reset(partition, 99, 10, 10));
        }
    }

    @Test
    void aDeletedTopicEndsItsPartitionsOnEveryNode() throws Exception {
        Topic topic = one.createTopic("deleted", 1);
        try (Subscription subscription = subscribe(two, topic, new StartPosition.Earliest())) {
            one.bean(Topics.class).delete("deleted", _ -> true);

            assertThat(subscription.next(1, 1, WAIT)).isEqualTo(new Delivery.Removed(new TopicPartition("deleted", 0)));
        }
    }

    @Test
    void limitsPausesAndSeeksAreObeyed() throws Exception {
        Topic topic = one.createTopic("obeyed", 1);
        store(one, topic, 0, 20);
        TopicPartition partition = new TopicPartition("obeyed", 0);
        try (Subscription subscription = subscribe(one, topic, new StartPosition.Earliest())) {
            assertThat(values(subscription.next(3, 1 << 20, WAIT))).isEqualTo(numbers(0, 3));
            assertThat(values(subscription.next(100, 1, WAIT))).isEqualTo(numbers(3, 4));
            subscription.pause(_ -> true, true);
            assertThat(subscription.next(1, 1, Duration.ofMillis(20))).isEqualTo(new Delivery.Nothing());
            subscription.seek(partition, 15);
            subscription.pause(partition::equals, false);
            assertThat(take(subscription, 5)).isEqualTo(numbers(15, 20));
            assertThat(subscription.positions()).containsEntry(partition, 20L);
        }
    }

    @Test
    void manyPartitionsAreFollowedWithOneConnection() {
        Topic topic = one.createTopic("wide", 300);

        // Background loops take connections too, but not every time.
        await().atMost(Duration.ofSeconds(30)).until(() -> connectionsToFollow(topic), taken -> taken == 1);
    }

    private static long connectionsToFollow(Topic topic) {
        long before = one.connectionsTaken();
        try (Subscription subscription = subscribe(one, topic, new StartPosition.Latest())) {
            assertThat(subscription.positions()).hasSize(300);
            return one.connectionsTaken() - before;
        }
    }

    @Test
    void historyIsReadInPagesEvenIfFewRecordsAreTakenAtATime() throws Exception {
        Topic topic = one.createTopic("pages", 1);
        store(two, topic, 0, 3000);
        try (Subscription subscription = subscribe(one, topic, new StartPosition.Earliest())) {
            long before = one.connectionsTaken();

            assertThat(take(subscription, 3000, 5)).isEqualTo(numbers(0, 3000));

            assertThat(one.connectionsTaken() - before)
                    .as("queries for 600 deliveries, including those of background loops")
                    .isLessThan(150);
        }
    }

    @Test
    void partitionsOfADeletedTopicAreNotFollowed() {
        Topic kept = one.createTopic("kept", 2);
        Topic deleted = one.createTopic("deleted", 2);
        one.bean(Topics.class).delete("deleted", _ -> true);
        List<PartitionStart> starts = List.of(
                new PartitionStart(kept, 1, new StartPosition.Earliest()),
                new PartitionStart(deleted, 0, new StartPosition.Earliest()));
        Subscriptions subscriptions = one.bean(Subscriptions.class);

        try (Subscription subscription = subscriptions.open(new ClientMemory(MEMORY, Ticker.SYSTEM).share())) {
            assertThatThrownBy(() -> subscriptions.follow(subscription, starts))
                    .isInstanceOf(HubException.class)
                    .hasMessageContaining("deleted");
            assertThat(subscription.positions()).isEmpty();

            assertThat(subscriptions.followExisting(subscription, starts))
                    .isEqualTo(Map.of(new TopicPartition("kept", 1), 0L))
                    .isEqualTo(subscription.positions());
        }
    }

    @Test
    void partitionsThatAreNotAdmittedAreNeitherTakenNorHeld() throws Exception {
        Topic topic = one.createTopic("withheld", 2);
        NewRecord record = new NewRecord(0, NewRecord.NO_TIMESTAMP, null, new byte[] {'0'}, null, (byte) 0);
        NewRecord other = new NewRecord(1, NewRecord.NO_TIMESTAMP, null, new byte[] {'1'}, null, (byte) 0);
        one.bean(Appender.class)
                .append(topic, List.of(record, record, other, other))
                .join();
        Set<Integer> had = ConcurrentHashMap.newKeySet();
        had.add(1);
        ClientMemory memory = new ClientMemory(MEMORY, Ticker.SYSTEM);
        Subscriptions subscriptions = one.bean(Subscriptions.class);
        try (Subscription subscription = subscriptions.open(memory.share())) {
            subscription.admit(partition -> had.contains(partition.partition()));
            subscriptions.follow(
                    subscription,
                    List.of(
                            new PartitionStart(topic, 0, new StartPosition.Earliest()),
                            new PartitionStart(topic, 1, new StartPosition.Earliest())));

            assertThat(take(subscription, 2)).containsExactly("1", "1");
            assertThat(subscription.next(10, 1000, Duration.ofMillis(50))).isEqualTo(new Delivery.Nothing());
            assertThat(subscription.positions())
                    .containsExactly(
                            Map.entry(new TopicPartition("withheld", 0), 0L),
                            Map.entry(new TopicPartition("withheld", 1), 2L));
            assertThat(memory.held()).isZero();

            had.add(0); // without waking the subscription
            assertThat(take(subscription, 2)).containsExactly("0", "0");

            // Batches of a partition that is no longer admitted are dropped.
            one.bean(Appender.class)
                    .append(topic, List.of(record, record, record))
                    .join();
            assertThat(take(subscription, 1, 1)).containsExactly("0");
            had.remove(0);
            assertThat(subscription.next(10, 1000, Duration.ofMillis(50))).isEqualTo(new Delivery.Nothing());
            assertThat(memory.held()).isZero();
            had.add(0);
            assertThat(take(subscription, 2)).containsExactly("0", "0");
        }
    }

    private static Subscription subscribe(Hub hub, Topic topic, StartPosition from) {
        Subscriptions subscriptions = hub.bean(Subscriptions.class);
        Subscription subscription = subscriptions.open(new ClientMemory(MEMORY, Ticker.SYSTEM).share());
        List<PartitionStart> starts = IntStream.range(0, topic.partitionCount())
                .mapToObj(partition -> new PartitionStart(topic, partition, from))
                .toList();
        subscriptions.follow(subscription, starts);
        return subscription;
    }

    private static void store(Hub hub, Topic topic, int from, int to) {
        Topic known = hub.bean(TopicCatalogue.class).require(topic.name());
        for (int i = from; i < to; i++) {
            NewRecord record = new NewRecord(
                    NewRecord.ANY_PARTITION,
                    NewRecord.NO_TIMESTAMP,
                    null,
                    Integer.toString(i).getBytes(StandardCharsets.UTF_8),
                    null,
                    (byte) 0);
            try {
                hub.bean(Appender.class).append(known, List.of(record)).get();
            } catch (InterruptedException | java.util.concurrent.ExecutionException failure) {
                throw new IllegalStateException(failure);
            }
        }
    }

    private static List<String> take(Subscription subscription, int count) throws InterruptedException {
        return take(subscription, count, 100);
    }

    private static List<String> take(Subscription subscription, int count, int atATime) throws InterruptedException {
        List<String> taken = new ArrayList<>();
        long deadline = System.nanoTime() + WAIT.toNanos();
        while (taken.size() < count && System.nanoTime() < deadline) {
            taken.addAll(values(subscription.next(atATime, 1 << 20, Duration.ofMillis(100))));
        }
        return taken;
    }

    private static List<String> values(Delivery delivery) {
        List<String> values = new ArrayList<>();
        if (delivery instanceof Delivery.Records records) {
            records.records()
                    .forEach((batch, index) -> values.add(new String(batch.value(index), StandardCharsets.UTF_8)));
        }
        return values;
    }

    private static List<String> numbers(int from, int to) {
        return java.util.stream.IntStream.range(from, to)
                .mapToObj(Integer::toString)
                .toList();
    }

    /** Connections of notifiers. A node that knows no other on its database has none. */
    private static int notifiers() {
        return jdbc().sql("select count(*) from pg_stat_activity where application_name = 'millrace notifier'"
                        + " and datname = current_database()")
                .query(Integer.class)
                .single();
    }

    private static void terminate(String application) {
        try {
            jdbc().sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name like :name"
                            + " and datname = current_database() and pid <> pg_backend_pid()")
                    .param("name", application)
                    .query(Boolean.class)
                    .list();
        } catch (org.springframework.dao.DataAccessException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static double databaseReads(Hub hub) {
        return hub.bean(MeterRegistry.class)
                .get("millrace.fetch.reads")
                .tag("source", "database")
                .counter()
                .count();
    }

    private static int batches(Topic topic) {
        return jdbc().sql("select count(*) from millrace.record_batch where partition_id = :id")
                .param("id", topic.partitionId(0))
                .query(Integer.class)
                .single();
    }

    private static JdbcClient jdbc() {
        return one.bean(JdbcClient.class);
    }
}
