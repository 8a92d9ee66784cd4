/**
 * {@code millrace bench}: measures a hub from outside, through its public API only, like kafka-producer-perf-test and
 * pgbench. It runs in a process of its own, without Spring. Of the hub's code it uses only the API client and what that
 * uses, so it can measure a hub of another release.
 *
 * <p>{@code command} is on top; it puts load on the hub with {@code produce}, {@code consume}, {@code subscribe} and
 * {@code group}, which are independent of each other. They send and read on the {@code connection}s of a few event
 * loops, where the path of a record creates no objects and takes no locks. {@code format} defines how records are
 * written there, {@code content} what is in them. Setup and lookups outside of the measurement use
 * {@link io.millrace.client.HubClient}, which need not be fast. {@code measure} and {@code run} are below all of these.
 * {@code ArchitectureTest} verifies that dependencies only go down.
 */
@ApplicationModule(
        displayName = "bench",
        allowedDependencies = {"client", "client :: message", "codec", "command", "event", "json"})
@NullMarked
package io.millrace.bench;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
