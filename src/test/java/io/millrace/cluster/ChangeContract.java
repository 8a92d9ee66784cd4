package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.event.StartPosition;
import io.millrace.eventlog.PartitionWatcher;
import io.millrace.group.Groups;
import io.millrace.group.JoinRequest;
import io.millrace.group.MemberProtocol;
import io.millrace.group.Membership;
import io.millrace.stream.StreamTopics;
import io.millrace.testing.Hub;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicCatalogue;
import io.millrace.topic.Topics;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Another node notices what one node changes, however it hears of it. */
abstract class ChangeContract {

    /** Of topics and groups, so that both directions have their own. */
    private final String prefix = UUID.randomUUID() + "-";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Hub one;
    private final Hub other;

    ChangeContract(Hub one, Hub other) {
        this.one = one;
        this.other = other;
    }

    @Test
    void aTopicThatIsDeletedIsForgotten() {
        one.createTopic(prefix + "deleted", 1);
        TopicCatalogue catalogue = other.bean(TopicCatalogue.class);
        catalogue.require(prefix + "deleted");

        one.bean(Topics.class).delete(prefix + "deleted", _ -> true);

        await().until(() -> catalogue.cached(prefix + "deleted") == null);
    }

    @Test
    void recordsReachAReaderThatWaits() {
        Topic topic = one.createTopic(prefix + "waited-for", 1);
        CompletableFuture<HttpResponse<String>> waiting = client.sendAsync(
                HttpRequest.newBuilder(other.http(
                                "/v1/topics/" + prefix + "waited-for/partitions/0/records?offset=0&wait=30s"))
                        .build(),
                BodyHandlers.ofString());
        await().until(() -> other.bean(PartitionWatcher.class).watched().size() == 1);

        StreamTopics.appendTo(one, topic, 0, 1);

        await().until(waiting::isDone);
        assertThat(waiting.join().body()).contains("\"next_offset\":1");
    }

    @Test
    void aMemberLearnsThatAnotherHasJoined() {
        one.createTopic(prefix + "shared", 2);
        try (Membership member = join(other)) {
            await().until(() -> member.assignment().partitions().size() == 2);
            // The group has been looked at since: the next change is not noticed only because the member is new.
            long epoch = member.assignment().epoch();
            try (Membership _ = join(one)) {
                await().until(() -> member.assignment().epoch() > epoch);
            }
        }
    }

    private Membership join(Hub hub) {
        return hub.bean(Groups.class)
                .join(
                        new JoinRequest(
                                prefix + "shared",
                                MemberProtocol.WEBSOCKET,
                                List.of(prefix + "shared"),
                                new StartPosition.Latest(),
                                (@Nullable String) null,
                                Duration.ofSeconds(45),
                                null),
                        () -> {});
    }
}
