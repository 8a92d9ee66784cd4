package io.millrace.cluster;

/** Acts under the name of this {@link Node}. */
@FunctionalInterface
public interface NameListener {

    /**
     * The node has this name from now on: what was begun under another one is lost. Called by the thread that renews
     * the lease.
     */
    void renamed(String name);
}
