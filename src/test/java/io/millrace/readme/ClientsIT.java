package io.millrace.readme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.event.StartPosition;
import io.millrace.group.Groups;
import io.millrace.group.JoinRequest;
import io.millrace.group.Joined;
import io.millrace.group.MemberProtocol;
import io.millrace.group.Owned;
import io.millrace.group.admin.GroupAdmin;
import io.millrace.group.admin.GroupDescription;
import io.millrace.readme.Consumer.Seen;
import io.millrace.readme.Page.Setting;
import io.millrace.security.Caller;
import io.millrace.testing.Chromium;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Runs the programs of {@code docs/clients.md}, unchanged except for the settings at their top, against two hubs. A
 * program is skipped if nothing on the machine can run it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClientsIT {

    private static final int PARTITIONS = 6;
    private static final int KEYS = 12;
    private static final Duration PACE = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Pattern PLAIN = Pattern.compile("^(\\d+) (\\d+) (\\S+) (\\d+)$");
    private static final Pattern JSON =
            Pattern.compile("\"partition\":(\\d+),.*\"offset\":(\\d+),.*\"key\":\"(\\w+)\",\"value\":(\\d+),");

    private static final List<Setting> SHORT_SESSION =
            List.of(new Setting("45_000", "2_000"), new Setting("WAIT_S = 20", "WAIT_S = 1"));

    /** The languages that the page has a program in. */
    enum Language {
        SH(List.of()),
        HTML(List.of()),
        PYTHON(SHORT_SESSION),
        JAVA(SHORT_SESSION);

        private final List<Setting> settings;

        Language(List<Setting> settings) {
            this.settings = settings;
        }

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean canRun() {
            return switch (this) {
                case SH -> Shell.has("sh", "curl", "mkfifo", "mktemp");
                case HTML -> Chromium.installed();
                case PYTHON -> Shell.has("python3");
                case JAVA -> Shell.has("sh");
            };
        }

        /** Starts an instance that connects to the first of these hubs. */
        Consumer start(String group, String topic, Hub... order) throws IOException {
            List<Setting> all = new ArrayList<>(settings);
            all.add(new Setting("localhost:8080", "127.0.0.1:" + order[0].port()));
            all.add(new Setting("localhost:8081", "127.0.0.1:" + order[1].port()));
            all.add(new Setting("billing", group));
            all.add(new Setting("orders", topic));
            Path file = Files.createTempDirectory(directory, "consumer").resolve("consume." + code());
            Files.writeString(file, Page.CLIENTS.program(code(), all));
            return switch (this) {
                case SH -> ConsumerProcess.start(JSON, "sh", file.toString());
                case HTML -> ConsumerTab.open(browser().browser(), file);
                case PYTHON -> ConsumerProcess.start(PLAIN, "python3", file.toString());
                case JAVA ->
                    ConsumerProcess.start(
                            PLAIN,
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            file.toString());
            };
        }
    }

    @TempDir
    private static Path directory;

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static @Nullable Chromium chromium;
    private static Hub first;
    private static Hub second;

    @BeforeAll
    static void start() {
        TestDatabase database = TestPostgres.newDatabase();
        first = Hub.start(database, "millrace.http.allowed-origins=null");
        second = Hub.start(database, "millrace.http.allowed-origins=null");
    }

    @AfterAll
    static void stop() throws Exception {
        if (chromium != null) {
            chromium.close();
        }
        first.close();
        second.close();
    }

    private static Chromium browser() throws IOException {
        if (chromium == null) {
            chromium = Chromium.start();
        }
        return chromium;
    }

    @ParameterizedTest
    @EnumSource
    @Order(1)
    void twoInstancesShareThePartitionsAndOneTakesOverFromTheOther(Language language) throws Exception {
        assumeTrue(language.canRun(), () -> "nothing here runs " + language);
        Supply supply = new Supply(language.code());
        try (supply;
                Consumer one = language.start(supply.group, supply.topic, first, second)) {
            supply.produce(40);
            supply.untilProcessed(one);

            try (Consumer two = language.start(supply.group, supply.topic, second, first)) {
                supply.untilOwned(PARTITIONS / 2, PARTITIONS / 2);
                supply.produce(60);
                supply.untilProcessed(one, two);
                assertThat(partitions(two)).hasSize(PARTITIONS / 2);

                supply.keepProducing();
                one.kill();
                supply.untilOwned(PARTITIONS);
                supply.stopProducing();
                supply.produce(4 * KEYS);
                supply.untilProcessed(one, two);
                assertThat(partitions(two)).hasSize(PARTITIONS);

                two.stop();
                supply.untilOwned();
                supply.isInOrder(one);
                supply.isInOrder(two);
            }
        }
    }

    @Test
    @Order(2)
    void theFenceWorksInAUsersTransaction() throws Exception {
        first.createTopic("orders", 1);
        Groups groups = first.bean(Groups.class);
        JoinRequest request = new JoinRequest(
                "billing", MemberProtocol.REST, List.of("orders"), new StartPosition.Latest(), null, null, null);
        Joined member = groups.joinDetached(request);
        Owned owned = member.assignment().partitions().getFirst();
        JdbcClient sql = first.bean(JdbcClient.class);
        List<String> statements = Page.CLIENTS.blocks("sql");
        Map<String, Object> ids =
                sql.sql(statements.get(0).replace("3;", "0")).query().singleRow();
        Map<String, Object> parameters = new HashMap<>(ids);
        parameters.put("member_id", member.assignment().memberId());
        parameters.put("epoch", owned.epoch());
        parameters.put("next_offset", 7L);

        assertThat(sql.sql(statements.get(1)).params(parameters).update()).isOne();
        assertThat(group("billing").offsets().getFirst().offset().nextOffset()).isEqualTo(7);

        groups.leave("billing", member.assignment().memberId());
        groups.joinDetached(request);
        parameters.put("next_offset", 8L);

        assertThat(sql.sql(statements.get(1)).params(parameters).update()).isZero();
        assertThat(group("billing").offsets().getFirst().offset().nextOffset()).isEqualTo(7);
    }

    @Test
    @Order(3)
    void allContinueOnAnotherHubWhenTheirsShutsDown() throws Exception {
        List<Supply> supplies = new ArrayList<>();
        List<Consumer> consumers = new ArrayList<>();
        try {
            for (Language language : Language.values()) {
                if (language.canRun()) {
                    Supply supply = new Supply("moved-" + language.code());
                    supplies.add(supply);
                    supply.produce(12);
                    consumers.add(language.start(supply.group, supply.topic, first, second));
                }
            }
            for (int i = 0; i < supplies.size(); i++) {
                supplies.get(i).untilProcessed(consumers.get(i));
            }

            first.close();

            for (Supply supply : supplies) {
                supply.produce(24);
            }
            for (int i = 0; i < supplies.size(); i++) {
                supplies.get(i).untilProcessed(consumers.get(i));
                supplies.get(i).isInOrder(consumers.get(i));
            }
        } finally {
            for (Consumer consumer : consumers) {
                consumer.close();
            }
        }
    }

    private static GroupDescription group(String name) {
        return second.bean(GroupAdmin.class).describe(Caller.ANYONE, name);
    }

    private static List<Integer> partitions(Consumer consumer) throws Exception {
        return consumer.seen().stream().map(Seen::partition).distinct().toList();
    }

    /**
     * A topic whose records use the keys in turn, with values that count up per key; and the group that consumes it.
     */
    private static final class Supply implements AutoCloseable {

        private final String topic;
        private final String group;
        private final AtomicInteger produced = new AtomicInteger();
        private final AtomicBoolean producing = new AtomicBoolean();
        private CompletableFuture<Void> producer = CompletableFuture.completedFuture(null);

        Supply(String name) {
            topic = "topic-" + name;
            group = "group-" + name;
            first.createTopic(topic, PARTITIONS);
        }

        void produce(int count) {
            String records = IntStream.range(produced.get(), produced.get() + count)
                    .mapToObj(i -> "{\"key\":\"k%d\",\"value\":%d}".formatted(i % KEYS, i / KEYS))
                    .collect(Collectors.joining(",", "{\"records\":[", "]}"));
            int status = HTTP.sendAsync(
                            HttpRequest.newBuilder(second.http("/v1/topics/" + topic + "/records"))
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString(records))
                                    .build(),
                            BodyHandlers.ofString())
                    .join()
                    .statusCode();
            assertThat(status).isEqualTo(200);
            produced.addAndGet(count);
        }

        /** Produces a few records repeatedly until {@link #stopProducing}. */
        void keepProducing() {
            producing.set(true);
            producer = CompletableFuture.runAsync(
                    () -> {
                        while (producing.get()) {
                            produce(2);
                            LockSupport.parkNanos(PACE.toNanos());
                        }
                    },
                    Thread::startVirtualThread);
        }

        void stopProducing() {
            producing.set(false);
            producer.join();
        }

        /** Waits until the members own these numbers of partitions. */
        void untilOwned(Integer... counts) {
            await(group + " is owned by " + Arrays.toString(counts))
                    .atMost(PATIENCE)
                    .until(
                            () -> group(group).members().stream()
                                    .map(member -> member.partitions().size())
                                    .toList(),
                            List.of(counts)::equals);
        }

        /** Waits until every record was processed by one of the consumers and is committed. */
        void untilProcessed(Consumer... consumers) throws Exception {
            Map<String, Integer> all = new HashMap<>();
            IntStream.range(0, produced.get()).forEach(i -> all.merge("k" + i % KEYS, 1, Integer::sum));
            await(group + " has processed everything").atMost(PATIENCE).untilAsserted(() -> assertThat(
                            processed(consumers))
                    .as(() -> troubles(consumers))
                    .isEqualTo(all));
            await(group + " has committed everything").atMost(PATIENCE).untilAsserted(() -> assertThat(
                            group(group).offsets())
                    .as(() -> troubles(consumers))
                    .hasSize(PARTITIONS)
                    .allSatisfy(
                            offset -> assertThat(offset.offset().nextOffset()).isEqualTo(offset.endOffset())));
        }

        private static String troubles(Consumer... consumers) {
            return Stream.of(consumers).map(Consumer::trouble).collect(Collectors.joining("\n---\n"));
        }

        /** The number of records processed per key, each counted once. */
        private static Map<String, Integer> processed(Consumer... consumers) throws Exception {
            Map<String, Integer> processed = new HashMap<>();
            List<Seen> all = new ArrayList<>();
            for (Consumer consumer : consumers) {
                all.addAll(consumer.seen());
            }
            all.stream().distinct().forEach(seen -> processed.merge(seen.key(), 1, Integer::sum));
            return processed;
        }

        /** The records of a key came in order; after a repetition the order continues from the repeated record. */
        void isInOrder(Consumer consumer) throws Exception {
            Map<String, Long> last = new HashMap<>();
            for (Seen seen : consumer.seen()) {
                long before = last.getOrDefault(seen.key(), seen.value() - 1);
                assertThat(seen.value())
                        .as("%s after %d of its key", seen, before)
                        .isLessThanOrEqualTo(before + 1);
                last.put(seen.key(), seen.value());
            }
        }

        @Override
        public void close() {
            stopProducing();
        }
    }
}
