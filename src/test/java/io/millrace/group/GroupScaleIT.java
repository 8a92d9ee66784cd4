package io.millrace.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A large group settles within seconds, and one member more or less moves one partition. */
class GroupScaleIT {

    private static final int SIZE = 1000;

    /** It takes two seconds where nothing else runs. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    @Test
    void aThousandMembersSettleOnAThousandPartitions() throws Exception {
        TestDatabase database = TestPostgres.newDatabase();
        try (Hub first = Hub.start(database);
                Hub second = Hub.start(database);
                Hub third = Hub.start(database)) {
            first.createTopic(GroupScale.TOPIC, SIZE);
            GroupScale scale = new GroupScale(List.of(first, second, third), SIZE);

            assertThat(scale.start("large", SIZE)).isLessThan(LONGEST);
            assertThat(scale.oneLess()).isEqualTo(1);
            assertThat(scale.oneMore("large")).isEqualTo(1);
            scale.leave();
        }
    }
}
