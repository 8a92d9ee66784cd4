package io.millrace.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.time.Ticker;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class ListeningAddressesTest {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("203.0.113.1");

    @Test
    void aHubThatListensOnOneAddressHasThatOne() {
        var addresses = new ListeningAddresses(ELSEWHERE, Ticker.SYSTEM);

        assertThat(addresses.test(ELSEWHERE)).isTrue();
        assertThat(addresses.test(LOOPBACK)).isFalse();
    }

    @Test
    void aHubThatListensOnAllAddressesHasTheMachines() {
        for (InetAddress all :
                new InetAddress[] {null, InetAddress.ofLiteral("0.0.0.0"), InetAddress.ofLiteral("::")}) {
            var addresses = new ListeningAddresses(all, Ticker.SYSTEM);

            assertThat(addresses.test(LOOPBACK)).isTrue();
            assertThat(addresses.test(ELSEWHERE)).isFalse();
        }
    }
}
