package io.millrace.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicasTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                       | 0",
                "*                        | 1",
                "a, b                     | 1",
                "2 (a, b, c)              | 2",
                "FIRST 2 (a, b, c)        | 2",
                "any 3 ( \"x y\", b, c, d)| 3",
                "ANY 1 (*)                | 1"
            })
    void theSettingTellsHowManyStandbysPostgresqlWaitsFor(String setting, int demanded) {
        assertThat(Replicas.demanded(setting)).isEqualTo(demanded);
    }

    /** Standbys as {@code state@flushed}. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // copies | demanded | standbys                    | position, if any
                "2 | 1 | quorum@80                        | 80",
                "2 | 1 | quorum@80 quorum@90              | 90",
                "3 | 1 | quorum@80 quorum@90              | 80",
                "2 | 2 | quorum@80 quorum@90 quorum@70    | 80",
                "2 | 1 | sync@60 potential@90 async@100   | 60",
                "3 | 1 | sync@60 potential@90 async@100   | ",
                "2 | 1 | async@100                        | ",
                "2 | 0 | async@100                        | ",
                "2 | 2 | quorum@80                        | ",
                "2 | 1 | ''                               | "
            })
    void aPositionCountsWhenEnoughStandbysInSyncHaveFlushedIt(
            int copies, int demanded, String standbys, Long position) {
        Replicas replicas = new Replicas(FakeReplicas.LEADER, 100, standbys(standbys), demanded, true);

        assertThat(replicas.suffice(copies)).isEqualTo(position != null);
        assertThat(replicas.flushedBy(copies).stream().boxed().toList())
                .isEqualTo(position == null ? List.of() : List.of(position));
    }

    @Test
    void thePrimaryIsOneOfTheServersInSync() {
        assertThat(new Replicas(FakeReplicas.LEADER, 100, List.of(), 0, true).inSync())
                .isEqualTo(1);
        assertThat(new Replicas(FakeReplicas.LEADER, 100, standbys("sync@1 async@2 quorum@3"), 1, true).inSync())
                .isEqualTo(3);
    }

    private static List<Standby> standbys(String text) {
        return Arrays.stream(text.split(" "))
                .filter(one -> !one.isEmpty())
                .map(one -> one.split("@"))
                .map(one -> new Standby("s", null, "streaming", one[0], Long.parseLong(one[1]), 0, null))
                .toList();
    }
}
