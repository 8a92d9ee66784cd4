package io.millrace.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.security.Caller;
import io.millrace.segment.PartitionSize;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(properties = "management.server.port=0", webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class TopicsIT {

    private static final Predicate<Topic> ANY = _ -> true;

    @Autowired
    private Topics topics;

    @Autowired
    private TopicAdmin admin;

    @Autowired
    private TopicCatalogue catalogue;

    @Autowired
    private JdbcClient jdbc;

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        TestDatabase database = TestPostgres.newDatabase();
        registry.add("spring.datasource.url", database::jdbcUrl);
        registry.add("spring.datasource.username", database::username);
        registry.add("spring.datasource.password", database::password);
    }

    @BeforeEach
    void deleteAllTopics() {
        topics.list("", 1000, "").forEach(topic -> topics.delete(topic.name(), ANY));
    }

    @Test
    void aTopicIsReadAsItWasCreated() {
        TopicConfig config = TopicConfig.DEFAULTS.withRetentionMs(5).withCleanupPolicy(CleanupPolicy.COMPACT_DELETE);

        Topic created = topics.create("orders", 3, config);

        assertThat(created.partitionIds()).hasSize(3).isSorted();
        assertThat(created.config()).isEqualTo(config);
        TopicDescription described = topics.describe("orders");
        assertThat(described.topic()).isEqualTo(created);
        assertThat(described.partitions()).hasSize(3).allSatisfy(partition -> {
            assertThat(partition.bounds().start()).isZero();
            assertThat(partition.bounds().end()).isZero();
            assertThat(partition.size()).isEqualTo(PartitionSize.EMPTY);
            assertThat(partition.oldestTimestamp()).isNull();
        });
    }

    @Test
    void ofManyConcurrentCreatorsOfATopicExactlyOneSucceeds() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Object>> attempts = IntStream.range(0, 40)
                    .mapToObj(i -> threads.submit(() -> attempt("race-" + i % 4)))
                    .toList();
            List<Object> outcomes = new java.util.ArrayList<>();
            for (Future<Object> attempt : attempts) {
                outcomes.add(attempt.get());
            }
            assertThat(outcomes.stream().filter("created"::equals)).hasSize(4);
            assertThat(outcomes.stream().filter(HubError.TOPIC_EXISTS::equals)).hasSize(36);
        }
        assertThat(count("topic")).isEqualTo(4);
        assertThat(count("topic_partition")).isEqualTo(8);
        assertThat(count("partition_head")).isEqualTo(8);
    }

    private Object attempt(String name) {
        try {
            topics.create(name, 2, TopicConfig.DEFAULTS);
            return "created";
        } catch (HubException refusal) {
            return refusal.error();
        }
    }

    @Test
    void topicsAreListedInPagesInByteOrder() {
        for (String name : List.of("b", "a.2", "a.1", "a_1", "A", "a-1", "aa")) {
            topics.create(name, 1, TopicConfig.DEFAULTS);
        }

        TopicPage first = admin.list(Caller.ANYONE, "a", 3, null);
        TopicPage second = admin.list(Caller.ANYONE, "a", 3, first.next());

        assertThat(first.topics()).extracting(TopicSummary::name).containsExactly("a-1", "a.1", "a.2");
        assertThat(first.next()).isEqualTo("a.2");
        assertThat(second.topics()).extracting(TopicSummary::name).containsExactly("a_1", "aa");
        assertThat(second.next()).isNull();
        assertThat(admin.list(Caller.ANYONE, "", 7, null).next()).isNull();
        assertThat(admin.list(Caller.ANYONE, "zzz", 7, null).topics()).isEmpty();
    }

    @Test
    void aChangeRaisesTheVersionAndAppendsPartitions() {
        Topic before = topics.create("orders", 2, TopicConfig.DEFAULTS);

        Topic after =
                topics.update("orders", ANY, patch("retention_ms", 7L, "cleanup_policy", "compact"), OptionalInt.of(4));

        assertThat(after.version()).isEqualTo(before.version() + 1);
        assertThat(after.partitionIds())
                .hasSize(4)
                .startsWith(before.partitionIds().toArray(Integer[]::new));
        assertThat(after.config())
                .isEqualTo(TopicConfig.DEFAULTS.withRetentionMs(7).withCleanupPolicy(CleanupPolicy.COMPACT));
        assertThat(topics.describe("orders").topic()).isEqualTo(after);
        assertThat(catalogue.require("orders")).isEqualTo(after);
    }

    @Test
    void aChangeOfNothingIsNone() {
        Topic before = topics.create("orders", 2, TopicConfig.DEFAULTS);

        assertThat(topics.update("orders", ANY, ConfigPatch.NONE, OptionalInt.of(2)))
                .isEqualTo(before);
    }

    @Test
    void aRefusedChangeChangesNothing() {
        Topic topic = topics.create("orders", 2, TopicConfig.DEFAULTS);

        assertThat(refusal(() -> topics.update("orders", ANY, ConfigPatch.NONE, OptionalInt.of(1))))
                .isEqualTo(HubError.INVALID_PARTITIONS);
        assertThat(refusal(() -> topics.update("orders", _ -> false, patch("retention_ms", 1L), OptionalInt.of(9))))
                .isEqualTo(HubError.PRECONDITION_FAILED);
        assertThat(refusal(() -> topics.update("payments", ANY, ConfigPatch.NONE, OptionalInt.empty())))
                .isEqualTo(HubError.UNKNOWN_TOPIC);

        assertThat(topics.describe("orders").topic()).isEqualTo(topic);
    }

    @Test
    void ofManyConcurrentChangesOfOneVersionExactlyOneSucceeds() throws Exception {
        Topic topic = topics.create("orders", 1, TopicConfig.DEFAULTS);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> changes = IntStream.range(0, 10)
                    .<Future<?>>mapToObj(i -> threads.submit(() -> topics.update(
                            "orders",
                            now -> now.version() == topic.version(),
                            patch("retention_ms", 100L + i),
                            OptionalInt.empty())))
                    .toList();
            assertThat(changes.stream().filter(TopicsIT::succeeded)).hasSize(1);
        }
        assertThat(topics.describe("orders").topic().version()).isEqualTo(topic.version() + 1);
    }

    private static boolean succeeded(Future<?> change) {
        try {
            change.get();
            return true;
        } catch (java.util.concurrent.ExecutionException refused) {
            assertThat(refused.getCause()).isInstanceOf(HubException.class);
            return false;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void aDeletedTopicLeavesNothingAndItsNameIsFree() {
        Topic first = topics.create("orders", 3, TopicConfig.DEFAULTS);

        topics.delete("orders", ANY);

        assertThat(count("topic") + count("topic_partition") + count("partition_head"))
                .isZero();
        assertThat(refusal(() -> catalogue.require("orders"))).isEqualTo(HubError.UNKNOWN_TOPIC);
        assertThat(refusal(() -> topics.delete("orders", ANY))).isEqualTo(HubError.UNKNOWN_TOPIC);
        Topic second = topics.create("orders", 1, TopicConfig.DEFAULTS);
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(catalogue.require("orders")).isEqualTo(second);
    }

    @Test
    void aTopicMayHaveThousandsOfPartitions() {
        Topic topic = topics.create("wide", 10_000, TopicConfig.DEFAULTS);

        assertThat(topics.describe("wide").partitions()).hasSize(10_000);
        assertThat(catalogue.require("wide")).isEqualTo(topic);
    }

    @Test
    void changesOnAnotherNodeAreNoticed() {
        Topic topic = topics.create("orders", 1, TopicConfig.DEFAULTS);
        topics.create("payments", 1, TopicConfig.DEFAULTS);
        // Topics that are read during a background refresh are not cached.
        await().untilAsserted(() -> {
            catalogue.require("payments");
            assertThat(catalogue.require("orders")).isEqualTo(topic);
            assertThat(catalogue.cached("orders")).isEqualTo(topic);
            assertThat(catalogue.cached("payments")).isNotNull();
        });

        // as another node does it: without this node's Topics
        jdbc.sql("update millrace.topic set retention_ms = 1, version = version + 1 where name = 'orders'")
                .update();
        jdbc.sql("delete from millrace.topic_partition where topic_id in"
                        + " (select id from millrace.topic where name = 'payments')")
                .update();
        jdbc.sql("delete from millrace.topic where name = 'payments'").update();
        jdbc.sql("update millrace.topic_catalogue set version = version + 1").update();

        await().untilAsserted(() -> {
            assertThat(catalogue.cached("orders"))
                    .isNotNull()
                    .extracting(now -> now.config().retentionMs())
                    .isEqualTo(1L);
            assertThat(catalogue.cached("payments")).isNull();
        });
    }

    private int count(String table) {
        return jdbc.sql("select count(*) from millrace." + table)
                .query(Integer.class)
                .single();
    }

    private static ConfigPatch patch(String name, Object value) {
        return ConfigPatch.of(Map.of(name, Optional.of(value)));
    }

    private static ConfigPatch patch(String name, Object value, String otherName, Object otherValue) {
        return ConfigPatch.of(Map.of(name, Optional.of(value), otherName, Optional.of(otherValue)));
    }

    private static HubError refusal(Runnable call) {
        return catchThrowableOfType(HubException.class, call::run).error();
    }
}
