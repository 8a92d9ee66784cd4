package io.millrace.faults;

import static org.awaitility.Awaitility.await;

import io.millrace.embeddedpostgres.Follower;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Faults of hubs, connections and standbys, one after another, drawn by a seed: the same seed gives the same faults.
 */
final class RandomFaults {

    private final SplittableRandom random;
    private final List<HubProcess> hubs;
    private final ReplicatedServers servers;

    /** Who follows the leader now; the leader is the primary, until it is lost. */
    private final List<Follower> followers = new ArrayList<>();

    private String leader;
    private final List<String> injected = new ArrayList<>();

    private enum Fault {
        A_HUB_IS_KILLED,
        A_HUB_IS_FROZEN,
        CONNECTIONS_ARE_CUT,
        A_STANDBY_IS_KILLED,
        A_STANDBY_IS_SLOW
    }

    RandomFaults(long seed, List<HubProcess> hubs, ReplicatedServers servers) {
        this.random = new SplittableRandom(seed);
        this.hubs = hubs;
        this.servers = servers;
        this.leader = servers.primary().jdbcUrl("millrace");
        this.followers.addAll(servers.followers());
    }

    /** Waits until records are stored: a run whose hubs fail before it has begun has no verdict. */
    void awaitLoad() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> servers.number(leader, "select count(*) from millrace.record_batch") > 50);
    }

    /** Injects one fault, which is over when this returns, and lets the hubs work for a while. */
    void inject() throws Exception {
        Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
        injected.add(fault.name().toLowerCase().replace('_', ' '));
        HubProcess hub = hubs.get(random.nextInt(hubs.size()));
        Follower follower = followers.get(random.nextInt(followers.size()));
        Duration length = Duration.ofMillis(random.nextInt(500, 4000));
        switch (fault) {
            case A_HUB_IS_KILLED -> {
                hub.kill();
                hub.restart();
            }
            case A_HUB_IS_FROZEN -> {
                try (HubProcess.Frozen _ = hub.freeze()) {
                    pause(length);
                }
            }
            case CONNECTIONS_ARE_CUT ->
                servers.number(
                        leader,
                        "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                                + " where application_name like 'millrace%'");
            case A_STANDBY_IS_KILLED -> ReplicatedServers.kill(follower.pid());
            case A_STANDBY_IS_SLOW -> {
                try (HubProcess.Frozen _ = HubProcess.freeze(sender(follower))) {
                    pause(length);
                }
            }
        }
        pause(Duration.ofMillis(random.nextInt(500, 2000)));
    }

    /** What was injected, in order. */
    List<String> injected() {
        return injected;
    }

    /**
     * The primary is cut off from its standbys, goes on for a while, and is lost for ever. As a failover manager would,
     * this promotes the follower that has more, and lets the other one follow it.
     */
    void failOver() throws Exception {
        injected.add("the primary is lost");
        List<Long> senders = new ArrayList<>();
        for (Follower follower : followers) {
            senders.add(sender(follower));
        }
        List<HubProcess.Frozen> cut = new ArrayList<>();
        for (long sender : senders) {
            cut.add(HubProcess.freeze(sender));
        }
        pause(Duration.ofMillis(random.nextInt(200, 1500)));
        servers.losePrimary();
        for (long sender : senders) {
            // Or it would send the rest when it goes on.
            ReplicatedServers.kill(sender);
        }
        for (HubProcess.Frozen frozen : cut) {
            frozen.close();
        }
        followers.sort((one, other) -> Long.compare(received(other), received(one)));
        Follower promoted = followers.removeFirst();
        servers.promote(promoted, followers);
        leader = promoted.jdbcUrl("millrace");
    }

    /** What it has on its disk and has replayed; it replays the rest for a while after a restart. */
    private long received(Follower follower) {
        long[] seen = {-1};
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    long now;
                    try {
                        now = servers.number(
                                follower,
                                "select greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0'::pg_lsn");
                    } catch (SQLException starting) {
                        return false;
                    }
                    boolean same = now == seen[0];
                    seen[0] = now;
                    return same;
                });
        return seen[0];
    }

    /** The leader's process that sends to a standby, which may be about to connect. */
    private long sender(Follower follower) {
        long[] pid = {0};
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            pid[0] = servers.number(
                    leader,
                    "select coalesce(max(pid), 0) from pg_stat_replication where application_name = '" + follower.name()
                            + "'");
            return pid[0] > 0;
        });
        return pid[0];
    }

    private static void pause(Duration length) {
        await().pollDelay(length).atMost(length.plusSeconds(10)).until(() -> true);
    }
}
