package io.millrace.rest;

import io.millrace.cluster.ClusterDescription;
import io.millrace.replication.LeaderEpoch;
import io.millrace.rest.ReplicaViews.ReplicaView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The cluster as clients see it. */
final class ClusterViews {

    private ClusterViews() {}

    @Schema(name = "Cluster")
    record ClusterView(
            @Schema(description = "The node that answers; not among nodes while it has no lease")
            String node_id,

            @Schema(description = "The live nodes, in the order in which they started")
            List<NodeView> nodes,

            @Schema(description = "The database servers: the leader and its followers")
            List<ReplicaView> replicas,

            @Schema(
                    example = "0",
                    description = "Raised whenever another server becomes the leader, or a backup is restored: records"
                            + " that only the former leader had are lost then. Null before the first hub has connected")
            @Nullable
            Integer leader_epoch,

            @Schema(description = "When the epoch began, by the database's clock") @Nullable
            Instant leader_since) {}

    @Schema(name = "Node")
    record NodeView(
            @Schema(description = "Changes with each start, and when the node has lost its lease")
            String node_id,

            @Schema(example = "http://hub-1:8080", description = "Where the node is reached; null until it listens")
            @Nullable
            String address,

            Instant started_at,

            @Schema(description = "The node counts as dead unless it renews its lease by then")
            Instant lease_until) {}

    static ClusterView of(ClusterDescription cluster) {
        LeaderEpoch epoch = cluster.leaderEpoch();
        return new ClusterView(
                cluster.name(),
                cluster.nodes().stream()
                        .map(node -> new NodeView(node.name(), node.address(), node.startedAt(), node.leaseUntil()))
                        .toList(),
                ReplicaViews.of(cluster.replicas()),
                epoch == null ? null : epoch.number(),
                epoch == null ? null : epoch.since());
    }
}
