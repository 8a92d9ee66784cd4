/**
 * The hub's own PostgreSQL: unpacked, initialised, started, watched and stopped by the hub, before the first
 * {@code DataSource} exists. It takes no part when the hub is given a database.
 *
 * <ul>
 *   <li>What it stores is as safe as in any PostgreSQL: fsync stays on, nothing is deleted at shutdown, there is a
 *       password, and the server listens on the loopback address only.
 *   <li>One home directory has one owner: {@link io.millrace.embeddedpostgres.HomeLock}.
 *   <li>The server does not outlive the hub, even if that is killed with {@code kill -9}: {@code run-postmaster.sh}.
 *   <li>The hub outlives the server: {@link io.millrace.embeddedpostgres.EmbeddedPostgres} restarts it.
 * </ul>
 */
@ApplicationModule(
        displayName = "embeddedpostgres",
        allowedDependencies = {})
@NullMarked
package io.millrace.embeddedpostgres;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
