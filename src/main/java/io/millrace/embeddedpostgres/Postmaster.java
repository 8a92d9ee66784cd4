package io.millrace.embeddedpostgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One run of the server: a postmaster and the shell that ties its life to the hub's. */
final class Postmaster {

    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration IMMEDIATE_DEADLINE = Duration.ofSeconds(10);

    private final Process supervisor;
    private final long pid;
    private final ServerLog log;
    private final Map<Path, Long> logMark;

    private Postmaster(Process supervisor, long pid, ServerLog log, Map<Path, Long> logMark) {
        this.supervisor = supervisor;
        this.pid = pid;
        this.log = log;
        this.logMark = logMark;
    }

    /**
     * Starts the server without waiting for it.
     *
     * @param stranger the pid in a stale {@code postmaster.pid} that now belongs to another program
     * @param patience how long a fast shutdown may take if the hub dies
     */
    static Postmaster launch(Installation installation, int port, Optional<Long> stranger, Duration patience)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                Command.script("run-postmaster.sh"),
                "millrace-postgres",
                String.valueOf(Math.max(1, patience.toSeconds()))));
        command.addAll(installation.postgres(
                Map.of("listen_addresses", "127.0.0.1", "port", String.valueOf(port), "unix_socket_directories", "")));
        ServerLog log = installation.log();
        Map<Path, Long> mark = log.mark();
        ProcessBuilder builder = Command.builder(command)
                .redirectError(log.console().toFile())
                .directory(log.directory().toFile());
        stranger.ifPresent(pid -> builder.environment().put("PG_GRANDPARENT_PID", String.valueOf(pid)));
        Process supervisor = builder.start();
        BufferedReader output = supervisor.inputReader(StandardCharsets.US_ASCII);
        String pid = output.readLine();
        if (pid == null) {
            throw new IOException("the supervisor of PostgreSQL did not start: " + log.tail(mark));
        }
        return new Postmaster(supervisor, Long.parseLong(pid.strip()), log, mark);
    }

    long pid() {
        return pid;
    }

    /**
     * Waits until the server accepts connections.
     *
     * @throws StartFailure if it ends, or takes too long, in which case it is stopped
     */
    void awaitReady(Path dataDirectory, Duration deadline) throws StartFailure, InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        while (!supervisor.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
            Optional<PostmasterFile> file = PostmasterFile.read(dataDirectory);
            if (file.isPresent() && file.get().pid() == pid && file.get().ready()) {
                return;
            }
            if (System.nanoTime() > end) {
                stop(IMMEDIATE_DEADLINE);
                throw new StartFailure("PostgreSQL was not ready within " + deadline, log.tail(logMark));
            }
        }
        throw new StartFailure("PostgreSQL ended with status " + supervisor.exitValue(), log.tail(logMark));
    }

    /** Waits until the server has ended, and returns its status. */
    int awaitEnd() throws InterruptedException {
        return supervisor.waitFor();
    }

    /**
     * Ends all sessions and writes a checkpoint; a server that takes longer than the deadline is stopped immediately.
     */
    void stop(Duration deadline) throws InterruptedException {
        abandon();
        if (!supervisor.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
            Command.signal("QUIT", pid);
            if (!supervisor.waitFor(IMMEDIATE_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
                Command.signal("KILL", pid);
                supervisor.waitFor();
            }
        }
    }

    /** Makes the supervisor stop the server, without waiting for it. */
    void abandon() {
        try {
            supervisor.getOutputStream().close();
        } catch (IOException gone) {
            // The supervisor has ended, and with it the server.
        }
    }
}
