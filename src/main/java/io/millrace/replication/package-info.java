/**
 * Replication by PostgreSQL as the hub sees it: who leads, which standbys follow, and when they have what was
 * committed.
 *
 * <p>Every commit of the hub is local: it returns when the primary has flushed it. Who asks for more, a producer with
 * {@code acks=all} or a reader of a topic with {@code min_insync_replicas} above 1, waits for the standbys afterwards,
 * without a lock, a transaction or a connection. So a standby that is slow, stopped or gone holds up nobody else, and a
 * commit that PostgreSQL would let hang for ever, with {@code synchronous_standby_names = '*'} and no standby, ends in
 * an answer. Decision 24 has the figures.
 *
 * <p>A standby counts if {@code pg_stat_replication} says that it is in sync, {@code sync} or {@code quorum}: only
 * those are promoted by a failover manager that loses nothing. The setting {@code synchronous_standby_names} alone
 * proves nothing; it is read for how many standbys PostgreSQL itself would wait for, and the hub never waits for fewer.
 *
 * <p>When the connection to the primary is lost, waits go on; when it leads to another
 * {@link io.millrace.replication.Leader} afterwards, the outcome of what the old one committed is unknown.
 */
@ApplicationModule(
        displayName = "replication",
        allowedDependencies = {"background", "database", "event", "time"})
@NullMarked
package io.millrace.replication;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
