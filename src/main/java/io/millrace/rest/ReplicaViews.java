package io.millrace.rest;

import io.millrace.replication.Replicas;
import io.millrace.replication.Replication;
import io.millrace.replication.Standby;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The database servers as clients see them: the leader of all partitions and its followers. */
public final class ReplicaViews {

    private ReplicaViews() {}

    @Schema(
            name = "Replica",
            description = "A database server with a copy of the log. The leader comes first; none is listed while it"
                    + " cannot be reached")
    public record ReplicaView(
            @Schema(example = "follower_1", description = "leader, or the follower's application_name in PostgreSQL")
            String name,

            @Schema(allowableValues = {"leader", "follower"})
            String role,

            @Schema(example = "10.0.0.7", description = "The follower's IP address; null for the leader") @Nullable
            String address,

            @Schema(example = "streaming", description = "What PostgreSQL says of the connection; null for the leader")
            @Nullable
            String state,

            @Schema(description = "Whether acks=all counts on it: a synchronous standby, not an asynchronous one")
            boolean in_sync,

            @Schema(example = "0", description = "Bytes of the write-ahead log that it has not flushed yet")
            long lag_bytes,

            @Schema(
                    example = "3",
                    description = "How long its last confirmation took, in milliseconds; null when it has confirmed all"
                            + " for a while")
            @Nullable
            Long lag_ms) {}

    /** What the node has seen of the servers, at most a few seconds ago. */
    public static List<ReplicaView> of(Replication replication) {
        return of(replication.replicas().orElse(null));
    }

    /** @param seen null while the leader cannot be reached: then no server is listed */
    static List<ReplicaView> of(@Nullable Replicas seen) {
        List<ReplicaView> views = new ArrayList<>();
        if (seen != null) {
            views.add(new ReplicaView("leader", "leader", null, null, true, 0, null));
            seen.standbys().forEach(standby -> views.add(of(standby)));
        }
        return views;
    }

    private static ReplicaView of(Standby standby) {
        Duration lag = standby.lag();
        return new ReplicaView(
                standby.name(),
                "follower",
                standby.address(),
                standby.state(),
                standby.inSync(),
                standby.lagBytes(),
                lag == null ? null : lag.toMillis());
    }
}
