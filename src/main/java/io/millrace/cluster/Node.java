package io.millrace.cluster;

import io.millrace.time.Deadline;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * This node among the others: its name, and its right to do what only one node may do, such as serving a member's
 * connection. The right is a row that has to be renewed in time. All times in rows are PostgreSQL's, and the node stops
 * trusting the lease a while before the row runs out, so clocks need not agree.
 *
 * <p>A node that renews too late (it was frozen, or PostgreSQL was away) never uses its old name again: others may be
 * undoing at that moment what it had. It goes on under a new name, and {@link NameListener}s hear of it.
 *
 * <p>One thread renews; all else is safe for any thread and never blocks.
 */
public final class Node {

    /** The share of the lease after which the node itself no longer counts on it. */
    private static final double TRUSTED = 0.8;

    private record Held(String name, Deadline until) {}

    /** The rows of nodes. Blocks; throws as {@link io.millrace.database.Transactions} does. */
    interface Rows {

        /**
         * Writes or renews a node's lease.
         *
         * @return how many other nodes live
         */
        long renew(String name, @Nullable String address, Duration lease);

        void delete(String name);

        /** Removes the rows of nodes that have been dead for so long that nothing refers to them. */
        void forgetDead();
    }

    private final Rows rows;
    private final Duration lease;
    private final Ticker ticker;
    private volatile Held held;
    private volatile @Nullable String address;

    /** Whether another node is known to live. */
    private volatile boolean peers;

    Node(Rows rows, Duration lease, Ticker ticker) {
        this.rows = rows;
        this.lease = lease;
        this.ticker = ticker;
        this.held = new Held(newName(), ticker.in(Duration.ZERO));
    }

    /** The node's current name. */
    public String name() {
        return held.name();
    }

    /** Whether what was begun under this name may still be done. Cheap: asked before every delivery. */
    public boolean holds(String name) {
        Held now = held;
        return now.name().equals(name) && !now.until().isOver();
    }

    /** How long others wait for this node before they take over what it has. */
    public Duration lease() {
        return lease;
    }

    /** Whether there are other nodes to tell of changes. */
    boolean hasPeers() {
        return peers;
    }

    /** Notes that another node has been heard. */
    void met() {
        peers = true;
    }

    /** Sets the URL under which the node is reached; the next renewal writes it. */
    void listensAt(String url) {
        address = url;
    }

    /**
     * Renews the lease. A renewal that began in time and ended too late does not count: while it was under way the row
     * may have run out.
     *
     * @return whether the node goes on under a new name: what it did under the earlier one is lost
     */
    boolean renew() {
        Held before = held;
        if (!before.until().isOver()) {
            Deadline until = trusted();
            write(before.name());
            if (!before.until().isOver()) {
                held = new Held(before.name(), until);
                return false;
            }
        }
        String name = newName();
        Deadline until = trusted();
        write(name);
        held = new Held(name, until);
        rows.forgetDead();
        return true;
    }

    /** Gives the lease back: the others need not wait for its end. The last call. */
    void leave() {
        Held before = held;
        held = new Held(before.name(), ticker.in(Duration.ZERO));
        rows.delete(before.name());
    }

    private void write(String name) {
        peers = rows.renew(name, address, lease) > 0;
    }

    /** Counted from before the row is written, as PostgreSQL counts from a moment after. */
    private Deadline trusted() {
        return ticker.in(Duration.ofNanos((long) (TRUSTED * lease.toNanos())));
    }

    private static String newName() {
        return UUID.randomUUID().toString();
    }
}
