package io.millrace.faults;

import io.millrace.client.HubUrl;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A load balancer in front of hubs: each new connection goes to the next hub that accepts it. Each client has an
 * entrance of its own, so that a test knows which hub serves it.
 */
final class Balancer implements AutoCloseable {

    private static final int CONNECT_MILLIS = 1000;

    private final List<HubProcess> hubs;
    private final AtomicInteger turn = new AtomicInteger();
    private final List<Entrance> entrances = new ArrayList<>();

    Balancer(HubProcess... hubs) {
        this.hubs = List.of(hubs);
    }

    /** An entrance whose connections go to the hubs in turn. */
    Entrance open() {
        return open(null);
    }

    /** @param first the hub that gets every connection while it accepts them; null for all hubs in turn */
    Entrance open(@Nullable HubProcess first) {
        try {
            Entrance entrance = new Entrance(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), first);
            synchronized (entrances) {
                entrances.add(entrance);
            }
            Thread.ofVirtual().name("balancer").start(entrance::accept);
            return entrance;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (entrances) {
            for (Entrance entrance : entrances) {
                entrance.listening.close();
            }
        }
    }

    /** A port that forwards to all hubs. */
    final class Entrance {

        private final ServerSocket listening;
        private final @Nullable HubProcess first;
        private final Map<HubProcess, Integer> connections = new ConcurrentHashMap<>();
        private volatile @Nullable HubProcess last;

        private Entrance(ServerSocket listening, @Nullable HubProcess first) {
            this.listening = listening;
            this.first = first;
        }

        HubUrl url() {
            return new HubUrl("127.0.0.1", listening.getLocalPort(), "");
        }

        /** The number of connections that each hub has accepted. */
        Map<HubProcess, Integer> connections() {
            return Map.copyOf(connections);
        }

        /** The hub that accepted the last connection; null if there was none. */
        @Nullable
        HubProcess hub() {
            return last;
        }

        private void accept() {
            try {
                while (true) {
                    Socket client = listening.accept();
                    Thread.ofVirtual().name("balancer-connection").start(() -> connect(client));
                }
            } catch (IOException closed) {
                // The end of the test.
            }
        }

        private void connect(Socket client) {
            if (first != null && connect(client, first)) {
                return;
            }
            for (int i = 0; i < hubs.size(); i++) {
                if (connect(client, hubs.get(Math.floorMod(turn.getAndIncrement(), hubs.size())))) {
                    return;
                }
            }
            close(client);
        }

        /** False if the hub does not accept the connection; otherwise returns after its end. */
        private boolean connect(Socket client, HubProcess hub) {
            Socket server = new Socket();
            try {
                server.connect(new InetSocketAddress("127.0.0.1", hub.http("/").getPort()), CONNECT_MILLIS);
            } catch (IOException refused) {
                close(server);
                return false;
            }
            last = hub;
            connections.merge(hub, 1, Integer::sum);
            Thread.ofVirtual().name("balancer-down").start(() -> pump(server, client));
            pump(client, server);
            return true;
        }

        /** The end of one direction ends both, as when a hub dies. */
        private static void pump(Socket from, Socket to) {
            try {
                to.setTcpNoDelay(true);
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                in.transferTo(out);
            } catch (IOException broken) {
                // Both sides are closed below.
            } finally {
                close(from);
                close(to);
            }
        }

        private static void close(Socket socket) {
            try {
                socket.close();
            } catch (IOException alreadyGone) {
                // As intended.
            }
        }
    }
}
