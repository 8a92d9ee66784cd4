package io.millrace.embeddedpostgres;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a server running on its port: whenever it ends unexpectedly, a thread restarts it, with growing pauses and
 * without giving up.
 */
final class ServerWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ServerWatch.class);

    /** The longest pause divided by this is the first one. */
    private static final int FIRST_BACKOFF = 50;

    private final String name;
    private final Launcher launcher;
    private final EmbeddedPostgresProperties properties;
    private final int port;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /** Replaced under this object's lock, so that {@link #close} stops the latest one. */
    private volatile Postmaster postmaster;

    private ServerWatch(
            String name, Launcher launcher, EmbeddedPostgresProperties properties, Launcher.Running running) {
        this.name = name;
        this.launcher = launcher;
        this.properties = properties;
        this.port = running.port();
        this.postmaster = running.postmaster();
        this.thread = Thread.ofPlatform()
                .name("embedded-" + name.toLowerCase(Locale.ROOT))
                .daemon()
                .unstarted(this::watch);
    }

    /** @param name of the server in the log, such as {@code PostgreSQL} */
    static ServerWatch start(String name, Installation installation, EmbeddedPostgresProperties properties)
            throws IOException {
        Launcher launcher = new Launcher(installation, properties);
        ServerWatch watch = new ServerWatch(name, launcher, properties, launcher.firstStart());
        watch.thread.start();
        return watch;
    }

    int port() {
        return port;
    }

    long pid() {
        return postmaster.pid();
    }

    @Override
    public void close() {
        try {
            synchronized (this) {
                closing.countDown();
                postmaster.stop(properties.stopTimeout());
            }
            thread.join();
        } catch (InterruptedException interrupted) {
            postmaster.abandon();
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        try {
            while (!isClosing()) {
                int status = postmaster.awaitEnd();
                if (!isClosing()) {
                    log.warn("{} (pid {}) ended unexpectedly with status {}", name, postmaster.pid(), status);
                    restart();
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void restart() throws InterruptedException {
        Duration longest = properties.restartBackoff();
        Duration pause = longest.dividedBy(FIRST_BACKOFF);
        long began = System.nanoTime();
        while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            try {
                if (replace()) {
                    launcher.awaitReady(postmaster);
                    long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
                    log.warn("{} is ready again on port {} (pid {}) after {} ms", name, port, pid(), millis);
                }
                return;
            } catch (StartFailure | IOException | RuntimeException failure) {
                if (isClosing()) {
                    return;
                }
                log.error("{} did not restart, trying again: {}", name, failure.getMessage());
            }
            pause = pause.multipliedBy(2).compareTo(longest) < 0 ? pause.multipliedBy(2) : longest;
        }
    }

    private synchronized boolean replace() throws IOException {
        if (isClosing()) {
            return false;
        }
        postmaster = launcher.launch(port);
        return true;
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }
}
