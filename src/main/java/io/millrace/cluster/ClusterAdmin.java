package io.millrace.cluster;

import io.millrace.event.HubException;
import io.millrace.replication.Replication;
import io.millrace.security.Access;
import io.millrace.security.Caller;
import io.millrace.security.Permission;

/** The cluster as operators see it, for every protocol: each call checks what the caller may do. Blocks. */
public final class ClusterAdmin {

    private final Node node;
    private final NodeStore store;
    private final Replication replication;
    private final Access access;

    ClusterAdmin(Node node, NodeStore store, Replication replication, Access access) {
        this.node = node;
        this.store = store;
        this.replication = replication;
        this.access = access;
    }

    /**
     * The nodes that live, and the database servers.
     *
     * @throws HubException {@link io.millrace.event.HubError#STORAGE_UNAVAILABLE}, or what {@link Access} refuses with
     */
    public ClusterDescription describe(Caller caller) {
        access.check(caller, Permission.cluster(Permission.Operation.DESCRIBE));
        return new ClusterDescription(
                node.name(),
                store.live(),
                store.leaderEpoch().orElse(null),
                replication.replicas().orElse(null));
    }
}
