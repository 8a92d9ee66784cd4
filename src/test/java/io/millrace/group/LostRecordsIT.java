package io.millrace.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.message.CommitOffset;
import io.millrace.client.message.Join;
import io.millrace.database.DedicatedConnections;
import io.millrace.event.Acks;
import io.millrace.testing.Hub;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class LostRecordsIT {

    private static final byte[] RECORDS =
            "{\"records\":[{\"value\":1},{\"value\":2},{\"value\":3}]}".getBytes(StandardCharsets.UTF_8);

    private static Hub hub;

    @BeforeAll
    static void start() {
        hub = Hub.start();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void offsetsAheadOfALogThatLostRecordsAreMovedBackAndOthersStay() throws Exception {
        commit("ahead", 3);
        commit("behind", 1);
        JdbcClient jdbc = hub.bean(JdbcClient.class);
        jdbc.sql("insert into millrace.partition_epoch select partition_id, 1, 2 from millrace.partition_head")
                .update();

        try (Connection connection = hub.bean(DedicatedConnections.class).open("test", "")) {
            hub.bean(LostRecords.class).leaderChanged(connection, 1);
        }

        assertThat(committed("ahead")).isEqualTo(2);
        assertThat(committed("behind")).isEqualTo(1);
    }

    /** Else another member could get a partition in an epoch whose first owner does not know that it is lost. */
    @Test
    void epochsThatMayHaveBeenGivenAreNotGivenAgainAndMembersGoOn() throws Exception {
        String member = commit("epochs", 1);
        long before = epoch("epochs");

        try (Connection connection = hub.bean(DedicatedConnections.class).open("test", "")) {
            hub.bean(LostRecords.class).leaderChanged(connection, 1);
        }

        assertThat(epoch("epochs")).isEqualTo(before + 1000);
        hub.client().members().commit("epochs", member, null, List.of(new CommitOffset("epochs", 0, 2)));
        assertThat(committed("epochs")).isEqualTo(2);
        hub.client().members().join("epochs", Join.of("epochs").from("earliest"));
        assertThat(epoch("epochs")).isGreaterThan(before + 1000);
    }

    private static long epoch(String group) {
        return hub.bean(JdbcClient.class)
                .sql("select epoch from millrace.consumer_group where name = :name")
                .param("name", group)
                .query(Long.class)
                .single();
    }

    /** A topic, and a group of the same name that has come this far in it; returns its member. */
    private static String commit(String name, long nextOffset) throws Exception {
        hub.client().topics().create(name, 1, Map.of());
        hub.client().records().produce(name, RECORDS, Acks.LEADER);
        String member = hub.client()
                .members()
                .join(name, Join.of(name).from("earliest"))
                .memberId();
        hub.client().members().commit(name, member, null, List.of(new CommitOffset(name, 0, nextOffset)));
        return member;
    }

    private static long committed(String group) throws Exception {
        return hub.client().groups().offsets(group).getFirst().nextOffset();
    }
}
