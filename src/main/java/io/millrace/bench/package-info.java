/**
 * {@code millrace bench}: measures a hub from outside, through its public API alone, as kafka-producer-perf-test and
 * pgbench do for theirs. It runs in a process of its own, without Spring, and uses no other package, so that it
 * measures any hub it is pointed at and not the one it was built with.
 *
 * <p>Each command is a {@code …Command}, which holds its options and tells what it found. The load itself runs on the
 * event loops of {@link io.millrace.bench.connection.EventLoops}: what hangs on a connection is touched by that
 * connection's event loop only, and nothing on the way of a record allocates more than its buffer, takes a lock or
 * parses JSON. What is set up and looked up around the measurement goes through {@link io.millrace.bench.hub.HubApi},
 * which need not be fast.
 */
@ApplicationModule(
        displayName = "bench",
        allowedDependencies = {})
@NullMarked
package io.millrace.bench;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
