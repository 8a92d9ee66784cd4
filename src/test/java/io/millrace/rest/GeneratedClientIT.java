package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import generated.client.ApiClient;
import generated.client.ApiException;
import generated.client.api.GroupMembersApi;
import generated.client.api.GroupsApi;
import generated.client.api.RecordsApi;
import generated.client.api.RemovalApi;
import generated.client.api.TopicsApi;
import generated.client.model.CommitRequest;
import generated.client.model.CommittedOffset;
import generated.client.model.JoinRequest;
import generated.client.model.JoinRequestFrom;
import generated.client.model.JoinResult;
import generated.client.model.NewHeader;
import generated.client.model.NewRecord;
import generated.client.model.PartitionRecords;
import generated.client.model.ProduceRequest;
import generated.client.model.Record;
import generated.client.model.TopicConfigRequest;
import generated.client.model.TopicPatch;
import generated.client.model.TopicRequest;
import io.millrace.testing.Hub;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A client that was generated from the OpenAPI document alone can use the hub. */
class GeneratedClientIT {

    private static final byte[] BYTES = {0, (byte) 0xff, 7, (byte) 0x80};

    private static Hub hub;
    private static ApiClient client;

    @BeforeAll
    static void start() {
        hub = Hub.start();
        client = new ApiClient();
        client.updateBaseUri("http://127.0.0.1:" + hub.port());
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void topicsAreCreatedChangedAndDeleted() throws Exception {
        TopicsApi topics = new TopicsApi(client);

        assertThat(topics.createTopic(new TopicRequest().name("t").partitions(2))
                        .getPartitions())
                .hasSize(2);
        assertThat(topics.changeTopic("t", new TopicPatch().config(new TopicConfigRequest().retentionMs(60_000L)), null)
                        .getConfig()
                        .getRetentionMs())
                .isEqualTo(60_000);
        assertThat(topics.listTopics(null, 10, null).getTopics())
                .anyMatch(topic -> topic.getName().equals("t"));

        new RemovalApi(client).deleteTopic("t", null);

        assertThatThrownBy(() -> topics.describeTopic("t"))
                .isInstanceOfSatisfying(ApiException.class, refusal -> assertThat(refusal.getCode())
                        .isEqualTo(404));
    }

    @Test
    void recordsComeBackAsTheyWereWrittenBytesIncluded() throws Exception {
        hub.createTopic("records", 1);
        RecordsApi records = new RecordsApi(client);

        records.produce(
                "records",
                new ProduceRequest()
                        .records(List.of(
                                new NewRecord().keyBase64(BYTES).valueBase64(BYTES),
                                new NewRecord()
                                        .key("k")
                                        .value(Map.of("delay", 66))
                                        .headers(List.of(
                                                new NewHeader().name("h").valueBase64(BYTES))),
                                new NewRecord().key("gone"))),
                null,
                null);
        List<Record> read =
                records.readPartition("records", 0, 0L, null, null, null, null).getRecords();

        assertThat(read).hasSize(3);
        assertThat(read.get(0).getKeyBase64()).isEqualTo(BYTES);
        assertThat(read.get(0).getValueBase64()).isEqualTo(BYTES);
        assertThat(read.get(1).getKey()).isEqualTo("k");
        assertThat(read.get(1).getValue()).isEqualTo(Map.of("delay", 66));
        assertThat(read.get(1).getHeaders().getFirst().getValueBase64()).isEqualTo(BYTES);
        assertThat(read.get(2).getValue()).isNull();
    }

    @Test
    void aMemberOfAGroupReadsAndCommits() throws Exception {
        hub.createTopic("shared", 1);
        new RecordsApi(client)
                .produce("shared", new ProduceRequest().records(List.of(new NewRecord().value(1))), null, null);
        GroupMembersApi members = new GroupMembersApi(client);

        JoinResult joined = members.joinGroup(
                "g", new JoinRequest().topics(List.of("shared")).from(new JoinRequestFrom("earliest")));
        PartitionRecords part = members.readAsMember("g", joined.getMemberId(), "20s", null, null, null, null)
                .getPartitions()
                .getFirst();
        members.commitOffsets(
                "g",
                joined.getMemberId(),
                new CommitRequest()
                        .offsets(List.of(new CommittedOffset()
                                .topic(part.getTopic())
                                .partition(part.getPartition())
                                .epoch(part.getEpoch())
                                .nextOffset(part.getNextOffset()))));

        assertThat(part.getRecords()).extracting(Record::getValue).containsExactly(1);
        assertThat(new GroupsApi(client).groupOffsets("g").getOffsets())
                .allSatisfy(offset -> assertThat(offset.getNextOffset()).isEqualTo(1))
                .hasSize(1);
        new RemovalApi(client).leaveGroup("g", joined.getMemberId());
        new RemovalApi(client).deleteGroup("g");
        assertThat(new GroupsApi(client).listGroups(null, null, null).getGroups())
                .isEmpty();
    }
}
