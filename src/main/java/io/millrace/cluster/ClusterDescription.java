package io.millrace.cluster;

import io.millrace.replication.LeaderEpoch;
import io.millrace.replication.Replicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that live, and the database servers.
 *
 * @param name of the node that was asked; not among the nodes while it has no lease
 * @param nodes in the order in which they started
 * @param leaderEpoch null before the first hub has connected to append
 * @param replicas what this node has seen of the servers, at most a few seconds ago; null while it cannot reach the
 *     leader
 */
public record ClusterDescription(
        String name,
        List<NodeRow> nodes,
        @Nullable LeaderEpoch leaderEpoch,
        @Nullable Replicas replicas) {}
