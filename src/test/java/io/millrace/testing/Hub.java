package io.millrace.testing;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.MillraceApplication;
import io.millrace.append.Appender;
import io.millrace.background.BackgroundLoop;
import io.millrace.client.HubClient;
import io.millrace.client.HubUrl;
import io.millrace.time.SettableTicker;
import io.millrace.time.Ticker;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicConfig;
import io.millrace.topic.Topics;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * The whole application on a port of its own. Several hubs on one database are a cluster; each runs until it is closed.
 */
public final class Hub implements AutoCloseable {

    private static final String CLEANING = "millrace.retention.check-interval";

    private final ConfigurableApplicationContext context;
    private @Nullable HubClient client;
    private @Nullable String token;
    private @Nullable HubClient management;

    private Hub(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** A hub on a database of its own. */
    public static Hub start(String... settings) {
        return start(TestPostgres.newDatabase(), settings);
    }

    /** @param settings such as {@code millrace.append.lanes=1}; they override the application's own */
    public static Hub start(TestDatabase database, String... settings) {
        return start(database, new SpringApplicationBuilder(MillraceApplication.class), settings);
    }

    /** A hub in which one of the application's beans is replaced. */
    public static <T> Hub startWith(Class<T> type, T other, String... settings) {
        return start(
                TestPostgres.newDatabase(),
                new SpringApplicationBuilder(MillraceApplication.class)
                        .initializers(context -> ((GenericApplicationContext) context).registerBean(type, () -> other)),
                settings);
    }

    /** A hub whose time, except for the database's, is controlled by the test. */
    public static Hub startAt(SettableTicker time, TestDatabase database, String... settings) {
        return start(
                database,
                new SpringApplicationBuilder(MillraceApplication.class).initializers(context -> {
                    GenericApplicationContext beans = (GenericApplicationContext) context;
                    beans.registerBean("turnedTicker", Ticker.class, () -> time, bean -> bean.setPrimary(true));
                    beans.registerBean("turnedClock", Clock.class, time::clock, bean -> bean.setPrimary(true));
                }),
                settings);
    }

    private static Hub start(TestDatabase database, SpringApplicationBuilder application, String... settings) {
        List<String> arguments = new ArrayList<>();
        for (String setting : settings) {
            arguments.add("--" + setting);
        }
        // Tests give records timestamps of any time, and read them later.
        for (String setting : List.of(
                "server.port=0",
                "management.server.port=0",
                "spring.datasource.url=" + database.jdbcUrl(),
                "spring.datasource.username=" + database.username(),
                "spring.datasource.password=" + database.password(),
                CLEANING + "=1d")) {
            String name = "--" + setting.substring(0, setting.indexOf('=') + 1);
            if (arguments.stream().noneMatch(given -> given.startsWith(name))) {
                arguments.add("--" + setting);
            }
        }
        ConfigurableApplicationContext context = application
                .initializers(Hub::giveLoopsOfItsOwn)
                .web(WebApplicationType.REACTIVE)
                .registerShutdownHook(false)
                .run(arguments.toArray(String[]::new));
        // Waits like a load balancer would: until then produce requests are refused.
        await().atMost(Duration.ofSeconds(30)).until(context.getBean(Appender.class)::ready);
        return new Hub(context);
    }

    /** Else all hubs of this JVM would share their event loops, and closing one would close the ports of the others. */
    private static void giveLoopsOfItsOwn(ConfigurableApplicationContext context) {
        ReactorResourceFactory loops = new ReactorResourceFactory();
        loops.setUseGlobalResources(false);
        loops.setShutdownQuietPeriod(Duration.ZERO);
        ((GenericApplicationContext) context).registerBean(ReactorResourceFactory.class, () -> loops);
    }

    public int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** The port of the actuator. */
    public int managementPort() {
        return context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
    }

    /** The URL of a path such as {@code /v1/topics}. */
    public URI http(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /** The URL of a WebSocket path. */
    public URI ws(String path) {
        return URI.create("ws://127.0.0.1:" + port() + path);
    }

    /** A client, which is closed with the hub. */
    public synchronized HubClient client() {
        HubClient made = client;
        if (made == null) {
            made = newClient();
            client = made;
        }
        return made;
    }

    /** A client of the actuator, which is closed with the hub. */
    public synchronized HubClient management() {
        HubClient made = management;
        if (made == null) {
            made = new HubClient(new HubUrl("127.0.0.1", managementPort(), ""));
            management = made;
        }
        return made;
    }

    /** A client that the caller closes. */
    public HubClient newClient() {
        return new HubClient(new HubUrl("127.0.0.1", port(), "", token));
    }

    /** Has clients that are made from now on present a token, or nothing. */
    public synchronized void present(@Nullable String presented) {
        token = presented;
        HubClient made = client;
        if (made != null) {
            made.close();
            client = null;
        }
    }

    /** One of the application's beans. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** Stops one of the background loops, such as {@code change-notifier}. */
    public void stopLoop(String name) {
        loop(name).stop();
    }

    /** Runs one round of a background loop in the calling thread. */
    public void runLoop(String name) throws Exception {
        loop(name).runOnce();
    }

    private BackgroundLoop loop(String name) {
        return context.getBeansOfType(BackgroundLoop.class).values().stream()
                .filter(loop -> loop.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** How often a connection was taken from the pool: once per statement or transaction of metadata and reads. */
    public long connectionsTaken() {
        return bean(MeterRegistry.class)
                .get("hikaricp.connections.acquire")
                .timer()
                .count();
    }

    /** Creates a topic without going through HTTP. */
    public Topic createTopic(String name, int partitions) {
        return bean(Topics.class).create(name, partitions, TopicConfig.DEFAULTS);
    }

    /** Shuts the application down like a clean end of the process. */
    @Override
    public synchronized void close() {
        context.close();
        for (HubClient made : new HubClient[] {client, management}) {
            if (made != null) {
                made.close();
            }
        }
    }
}
