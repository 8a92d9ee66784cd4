/**
 * The nodes that share a database. They know of each other by rows, and tell each other what has changed, so that none
 * has to ask for it all the time.
 *
 * <ul>
 *   <li>{@link io.millrace.cluster.Node}: this node's name, address and lease. Whatever a node does for as long as it
 *       lives, it does under its name, and the lease tells the others when to stop waiting for it.
 *   <li>{@link io.millrace.cluster.ChangePublisher} and {@link io.millrace.cluster.ChangeSubscriber}: a thing with a
 *       number has reached a version. One connection listens for all kinds, and each subscriber looks for itself now
 *       and then, which finds what was lost.
 *   <li>{@link io.millrace.cluster.ClusterLock}: work that one node at a time does.
 * </ul>
 *
 * <p>Correctness does not depend on messages: offsets, owners and commits are decided under the locks of their rows. A
 * node that hears nothing is slower, never wrong; one that loses its lease stops doing what only it may do.
 * {@code docs/decisions/0023-cluster.md} tells why.
 */
@ApplicationModule(
        displayName = "cluster",
        allowedDependencies = {"background", "database", "event", "replication", "security", "time"})
@NullMarked
package io.millrace.cluster;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
