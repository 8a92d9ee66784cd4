package io.millrace.group;

import io.millrace.sql.Transactions;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * This node's right to serve members: a row that has to be renewed in time. All times in rows are PostgreSQL's, and the
 * node gives up a while before the row does, so clocks need not agree.
 *
 * <p>A node that comes too late (it was frozen, or PostgreSQL was away) never takes its old name up again: others may
 * be expelling its members at that moment. It goes on under a new name, and its members have to join anew.
 */
final class NodeLease {

    /** The share of the lease after which the node itself no longer counts on it. */
    private static final double TRUSTED = 0.8;

    private record Held(String nodeId, long until) {}

    private final GroupStore store;
    private final Transactions transactions;
    private final GroupProperties properties;
    private final LongSupplier nanoTime;
    private volatile Held held;

    NodeLease(GroupStore store, Transactions transactions, GroupProperties properties, LongSupplier nanoTime) {
        this.store = store;
        this.transactions = transactions;
        this.properties = properties;
        this.nanoTime = nanoTime;
        this.held = new Held(newName(), nanoTime.getAsLong());
    }

    /** The name under which members are served now. */
    String nodeId() {
        return held.nodeId();
    }

    /** Whether members that joined under this name may still be served. */
    boolean valid(String nodeId) {
        Held now = held;
        return now.nodeId().equals(nodeId) && nanoTime.getAsLong() - now.until() < 0;
    }

    /** Prolongs the lease. Members of an earlier name are lost once this returns true. */
    boolean renew() {
        long start = nanoTime.getAsLong();
        boolean lapsed = start - held.until() >= 0;
        String name = lapsed ? newName() : held.nodeId();
        transactions.write(() -> {
            store.renewLease(name, properties.lease().toMillis());
            store.forgetDeadNodes();
            return true;
        });
        held = new Held(name, start + (long) (TRUSTED * properties.lease().toNanos()));
        return lapsed;
    }

    private static String newName() {
        return UUID.randomUUID().toString();
    }
}
