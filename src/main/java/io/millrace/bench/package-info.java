/**
 * {@code millrace bench}: measures a hub from outside, through its public API alone, as kafka-producer-perf-test and
 * pgbench do for theirs. It runs in a process of its own, without Spring, and of the hub it uses the client of its API
 * and the words of that, so that it measures any hub it is pointed at and not the one it was built with.
 *
 * <p>{@code command} is on top; it loads the hub by {@code produce}, {@code consume}, {@code subscribe} and
 * {@code group}, which do not know each other. They send and read on the {@code connection}s of a few event loops,
 * where nothing on the way of a record makes an object of it or takes a lock; how records are written there is in
 * {@code format}, what is in them in {@code content}. What is set up and looked up around the measurement goes through
 * {@link io.millrace.client.HubClient}, which need not be fast. {@code measure} and {@code run} are below all of these.
 * The arrows between them go down only, as {@code ArchitectureTest} verifies.
 */
@ApplicationModule(
        displayName = "bench",
        allowedDependencies = {"client", "client :: message", "codec", "event", "json"})
@NullMarked
package io.millrace.bench;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
