package io.millrace.verify.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ClientSettings;
import io.millrace.client.HubClient;
import io.millrace.client.HubUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadTest {

    @Test
    void theSeedDeterminesTheRequests() {
        assertThat(requests(7)).isEqualTo(requests(7)).isNotEqualTo(requests(8));
        assertThat(requests(7)).allSatisfy(request -> assertThat(request).hasSizeBetween(1, RandomLoad.MOST_RECORDS));
        assertThat(new RandomLoad(7, 5).next(true)).isEmpty();
    }

    @Test
    void aPaceLeavesOutWhatTheRequestTook() {
        assertThat(Pace.atMost(100).after(20, Duration.ofMillis(50))).isEqualTo(Duration.ofMillis(150));
        assertThat(Pace.atMost(100).after(20, Duration.ofSeconds(1))).isNegative();
        assertThat(Pace.pausing(Duration.ofMillis(3)).after(20, Duration.ofSeconds(1)))
                .isEqualTo(Duration.ofMillis(3));
    }

    @Test
    void hubsAreUsedInTurnExceptForThoseThatDoNotAnswer() {
        List<HubUrl> urls = List.of(url(1), url(2), url(3));
        try (Hubs hubs = new Hubs(urls, 1, ClientSettings.DEFAULTS)) {
            HubClient second = hubs.inTurn();
            assertThat(second.hub()).isEqualTo(url(2));
            hubs.noAnswer(second);

            assertThat(turns(hubs, 4)).containsExactly(url(3), url(1), url(3), url(3));

            hubs.noAnswer(hubs.inTurn());
            hubs.noAnswer(hubs.inTurn());
            hubs.noAnswer(hubs.inTurn());
            // None is left: all are tried.
            assertThat(turns(hubs, 3)).containsExactlyInAnyOrderElementsOf(urls);
        }
    }

    @Test
    void aClientStaysOnItsHubUntilItTurnsAway() {
        try (Hubs hubs = new Hubs(List.of(url(1), url(2)), 0, ClientSettings.DEFAULTS)) {
            assertThat(hubs.current()).isSameAs(hubs.current());
            hubs.turn();
            assertThat(hubs.current().hub()).isEqualTo(url(2));
        }
    }

    private static List<HubUrl> turns(Hubs hubs, int count) {
        List<HubUrl> turns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            turns.add(hubs.inTurn().hub());
        }
        return turns;
    }

    private static HubUrl url(int port) {
        return new HubUrl("127.0.0.1", port, "");
    }

    private static List<List<Load.Draft>> requests(long seed) {
        RandomLoad load = new RandomLoad(seed, 5);
        List<List<Load.Draft>> requests = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            requests.add(load.next(false));
        }
        return requests;
    }
}
