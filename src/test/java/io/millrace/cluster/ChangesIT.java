package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.topic.TopicCatalogue;
import io.millrace.topic.Topics;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two nodes that never look for themselves: what one knows of the other, it was told. */
class ChangesIT {

    private static final String[] NEVER = {
        "millrace.topics.refresh-interval=1h", "millrace.cluster.poll-interval=1h", "millrace.cluster.lease=4h",
    };

    private static Hub one;
    private static Hub other;

    @BeforeAll
    static void start() {
        TestDatabase database = TestPostgres.newDatabase();
        one = Hub.start(database, NEVER);
        other = Hub.start(database, NEVER);
        // Before anything has changed: it was alone when it started.
        await("the first hears of the second").until(one.bean(Node.class)::hasPeers);
    }

    @AfterAll
    static void stop() {
        other.close();
        one.close();
    }

    @Nested
    class FromTheFirstToTheSecond extends ChangeContract {
        FromTheFirstToTheSecond() {
            super(one, other);
        }
    }

    @Nested
    class FromTheSecondToTheFirst extends ChangeContract {
        FromTheSecondToTheFirst() {
            super(other, one);
        }
    }

    @Test
    void notificationsOfOtherSendersDisturbNoNode() {
        JdbcClient jdbc = one.bean(JdbcClient.class);
        long connections = listeners(jdbc);
        for (String rubbish : new String[] {"", "{}", "a;catalogue;x", "a;unknown;1:2", "a;partition;-1:5"}) {
            jdbc.sql("select pg_notify('millrace_changes', :rubbish)::text")
                    .param("rubbish", rubbish)
                    .query(String.class)
                    .list();
        }
        one.createTopic("undisturbed", 1);
        TopicCatalogue catalogue = other.bean(TopicCatalogue.class);
        catalogue.require("undisturbed");

        one.bean(Topics.class).delete("undisturbed", _ -> true);

        await().until(() -> catalogue.cached("undisturbed") == null);
        assertThat(listeners(jdbc)).isEqualTo(connections);
    }

    /** The sum of their processes' ids, which changes if a connection is opened anew. */
    private static long listeners(JdbcClient jdbc) {
        return jdbc.sql("""
            select sum(pid) from pg_stat_activity
             where datname = current_database() and application_name = 'millrace listener'\
            """).query(Long.class).single();
    }

    @Test
    void aNodeKnowsThatItIsAlone() {
        try (Hub alone = Hub.start(TestPostgres.newDatabase())) {
            assertThat(alone.bean(Node.class).hasPeers()).isFalse();
        }
    }
}
