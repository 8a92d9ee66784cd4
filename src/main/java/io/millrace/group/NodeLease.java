package io.millrace.group;

import io.millrace.database.Transactions;
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

    /**
     * Prolongs the lease. A renewal that was begun in time and ended too late counts as none: while it was under way
     * the row may have run out.
     *
     * @return whether the node goes on under a new name: members of the earlier one are lost
     */
    boolean renew() {
        if (!lapsed()) {
            long start = nanoTime.getAsLong();
            write(held.nodeId());
            if (!lapsed()) {
                held = held(held.nodeId(), start);
                return false;
            }
        }
        long start = nanoTime.getAsLong();
        String name = newName();
        write(name);
        held = held(name, start);
        return true;
    }

    private boolean lapsed() {
        return nanoTime.getAsLong() - held.until() >= 0;
    }

    private void write(String name) {
        transactions.write(() -> {
            store.renewLease(name, properties.lease().toMillis());
            store.forgetDeadNodes();
            return true;
        });
    }

    private Held held(String name, long start) {
        return new Held(name, start + (long) (TRUSTED * properties.lease().toNanos()));
    }

    private static String newName() {
        return UUID.randomUUID().toString();
    }
}
