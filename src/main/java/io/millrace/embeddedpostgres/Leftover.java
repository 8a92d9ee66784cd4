package io.millrace.embeddedpostgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an earlier postmaster left in a data directory. Called by the owner of the home, so any server that still runs
 * there is orphaned.
 */
final class Leftover {

    private static final Logger log = LoggerFactory.getLogger(Leftover.class);
    private static final Duration IMMEDIATE_DEADLINE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(20);

    private Leftover() {}

    /**
     * Stops a postmaster that still serves the data directory: by a fast shutdown, then by an immediate one.
     *
     * @return the pid in a stale {@code postmaster.pid} if it now belongs to an unrelated process. PostgreSQL would
     *     refuse to start because of it, unless told that this process is its grandparent; deleting the file instead
     *     would also drop the check that no old backend still writes.
     */
    static Optional<Long> clear(Path dataDirectory, Duration patience) {
        Optional<ProcessHandle> process = PostmasterFile.read(dataDirectory)
                .flatMap(file -> ProcessHandle.of(file.pid()))
                .filter(ProcessHandle::isAlive);
        if (process.isEmpty()) {
            return Optional.empty();
        }
        ProcessHandle found = process.get();
        if (!serves(found, dataDirectory)) {
            return Optional.of(found.pid());
        }
        log.warn("An orphaned PostgreSQL (pid {}) still runs on {}: stopping it", found.pid(), dataDirectory);
        Command.signal("INT", found.pid());
        if (!ended(found, dataDirectory, patience)) {
            Command.signal("QUIT", found.pid());
            if (!ended(found, dataDirectory, IMMEDIATE_DEADLINE)) {
                throw new EmbeddedPostgresException(
                        "an orphaned PostgreSQL (pid " + found.pid() + ") on " + dataDirectory + " does not stop",
                        "Stop that process, then start the hub again");
            }
        }
        return Optional.empty();
    }

    /** Whether this is a postmaster started by a hub for this directory: {@code postgres -D directory}. */
    private static boolean serves(ProcessHandle process, Path dataDirectory) {
        String[] arguments = process.info().arguments().orElse(new String[0]);
        return Arrays.asList(arguments).contains(dataDirectory.toString())
                && process.info()
                        .commandLine()
                        .or(() -> process.info().command())
                        .filter(line -> line.contains("postgres"))
                        .isPresent();
    }

    /** A zombie counts as ended: many containers have no init process that reaps orphans. It has no arguments left. */
    private static boolean ended(ProcessHandle process, Path dataDirectory, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        while (process.isAlive() && serves(process, dataDirectory)) {
            if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return true;
    }
}
