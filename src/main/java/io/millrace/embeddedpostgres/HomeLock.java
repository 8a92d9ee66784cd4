package io.millrace.embeddedpostgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one hub the only owner of a home directory until it closes the lock or dies. The file holds the owner's pid,
 * for the message that a second hub shows.
 *
 * <p>POSIX drops all of a process's locks on a file when the process closes any descriptor of it. So the homes held by
 * this process are also kept in memory, and a second attempt by this process does not touch the file.
 */
final class HomeLock implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HomeLock.class);

    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path home;
    private final FileChannel channel;

    private HomeLock(Path home, FileChannel channel) {
        this.home = home;
        this.channel = channel;
    }

    /**
     * @param home the real path of a directory
     * @throws EmbeddedPostgresException if another hub holds it
     */
    static HomeLock acquire(Path home) throws IOException {
        HomeLock lock = tryAcquire(home);
        if (lock == null) {
            throw refused(home);
        }
        return lock;
    }

    /** As {@link #acquire}, but null if another hub holds it. */
    static @Nullable HomeLock tryAcquire(Path home) throws IOException {
        if (!HELD_HERE.add(home)) {
            return null;
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file(home), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                release(home, channel);
                return null;
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new HomeLock(home, channel);
        } catch (IOException | RuntimeException failure) {
            release(home, channel);
            throw failure;
        }
    }

    @Override
    public void close() throws IOException {
        release(home, channel);
    }

    /** As {@link #close}, where a failure can only be logged: the lock ends with the process anyway. */
    void release() {
        try {
            close();
        } catch (IOException failure) {
            log.warn("Failed to release the lock of the home directory", failure);
        }
    }

    private static void release(Path home, @Nullable FileChannel channel) throws IOException {
        if (channel != null) {
            channel.close();
        }
        HELD_HERE.remove(home);
    }

    private static Path file(Path home) {
        return home.resolve("millrace.lock");
    }

    private static EmbeddedPostgresException refused(Path home) throws IOException {
        String pid = HELD_HERE.contains(home)
                ? String.valueOf(ProcessHandle.current().pid())
                : Files.readString(file(home)).strip();
        return new EmbeddedPostgresException(
                "another hub (pid " + (pid.isEmpty() ? "unknown" : pid) + ") is using " + home,
                "Stop that hub, or set MILLRACE_HOME to another directory for this one");
    }
}
