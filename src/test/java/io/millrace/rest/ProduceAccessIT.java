package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.rest.ProduceWay.Outcome;
import io.millrace.security.Access;
import io.millrace.testing.Hub;
import io.millrace.topic.TopicCatalogue;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every way into the log asks what the caller may do, and stores nothing if that is nothing. */
class ProduceAccessIT {

    private static final Queue<String> asked = new ConcurrentLinkedQueue<>();

    private static Hub hub;
    private static HttpApi api;

    @BeforeAll
    static void start() {
        Access nothing = (caller, permission, resource) -> {
            asked.add(caller.name() + " " + permission + " " + resource);
            throw new HubException(HubError.FOREIGN_ORIGIN, "the caller may do nothing");
        };
        hub = Hub.startWith(Access.class, nothing);
        api = HttpApi.of(hub);
        hub.createTopic("guarded", 1);
        // In the node's memory: the way that does not ask the database is another.
        hub.bean(TopicCatalogue.class).require("guarded");
    }

    @AfterAll
    static void stop() {
        api.close();
        hub.close();
    }

    @ParameterizedTest
    @EnumSource(ProduceWay.class)
    void aCallerWhoMayDoNothingIsRefused(ProduceWay way) {
        for (String topic : List.of("guarded", "unknown")) {
            asked.clear();

            Outcome outcome = way.produce(api, hub, topic, "1", List.of("{\"value\":1}"));

            assertThat(outcome).isEqualTo(new Outcome("foreign_origin", "", "the caller may do nothing"));
            assertThat(asked).containsOnly("anyone WRITE_TOPIC " + topic);
        }
        assertThat(api.count("guarded")).isZero();
    }
}
