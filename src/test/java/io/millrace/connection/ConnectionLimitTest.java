package io.millrace.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class ConnectionLimitTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ConnectionMetrics metrics = new ConnectionMetrics(registry);

    @Test
    void oneTooManyIsClosedAndAClosedOneMakesRoom() {
        ConnectionLimit limit = limit(3, 3);
        List<Channel> admitted = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            admitted.add(admitted(limit, "10.0.0." + i));
        }

        refused(limit, "10.0.0.4");
        assertThat(cut("too_many")).isEqualTo(1);
        assertThat(metrics.open().get()).isEqualTo(3);

        admitted.getFirst().close();
        admitted(limit, "10.0.0.4");
        refused(limit, "10.0.0.5");
    }

    @Test
    void oneAddressLeavesRoomForOthers() {
        ConnectionLimit limit = limit(10, 2);
        Channel first = admitted(limit, "10.0.0.1");
        admitted(limit, "10.0.0.1");

        refused(limit, "10.0.0.1");
        assertThat(cut("address")).isEqualTo(1);
        admitted(limit, "10.0.0.2");
        assertThat(metrics.open().get()).isEqualTo(3);

        first.close();
        admitted(limit, "10.0.0.1");
        refused(limit, "10.0.0.1");
    }

    @Test
    void anAddressGetsHalfByDefault() {
        ConnectionLimit limit = limit(6, 0);
        for (int i = 0; i < 3; i++) {
            admitted(limit, "10.0.0.1");
        }
        refused(limit, "10.0.0.1");
    }

    @Test
    void thereIsALimitByDefault() {
        long most = Runtime.getRuntime().maxMemory() / 8 / (16 * 1024);
        ConnectionLimit limit = limit(0, 0);
        metrics.open().set((int) Math.min(most, Integer.MAX_VALUE - 1));
        refused(limit, "10.0.0.1");
    }

    private ConnectionLimit limit(int most, int perAddress) {
        return new ConnectionLimit(
                new ConnectionProperties(
                        most, perAddress, 1, Duration.ofSeconds(1), Duration.ofSeconds(1), DataSize.ofKilobytes(1)),
                metrics);
    }

    private static Channel admitted(ConnectionLimit limit, String address) {
        Channel connection = new Connection(address);
        assertThat(limit.admit(connection)).isTrue();
        assertThat(connection.isOpen()).isTrue();
        return connection;
    }

    private static void refused(ConnectionLimit limit, String address) {
        Channel connection = new Connection(address);
        assertThat(limit.admit(connection)).isFalse();
        assertThat(connection.isOpen()).isFalse();
    }

    private double cut(String reason) {
        return registry.get("millrace.connections.cut")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private static final class Connection extends EmbeddedChannel {

        private final InetSocketAddress remote;

        Connection(String address) {
            this.remote = new InetSocketAddress(address, 1);
        }

        @Override
        public SocketAddress remoteAddress() {
            return remote;
        }
    }
}
