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

    /** A topic, and a group of the same name that has come this far in it. */
    private static void commit(String name, long nextOffset) throws Exception {
        hub.client().topics().create(name, 1, Map.of());
        hub.client().records().produce(name, RECORDS, Acks.LEADER);
        String member = hub.client()
                .members()
                .join(name, Join.of(name).from("earliest"))
                .memberId();
        hub.client().members().commit(name, member, null, List.of(new CommitOffset(name, 0, nextOffset)));
    }

    private static long committed(String group) throws Exception {
        return hub.client().groups().offsets(group).getFirst().nextOffset();
    }
}
