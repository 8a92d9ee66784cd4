package io.millrace.embeddedpostgres;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How the embedded server is tuned: for a log with constant appends, on a machine that it shares with the hub. Written
 * to {@code millrace.conf} at every start; {@code ALTER SYSTEM} overrides it.
 */
final class ServerSettings {

    private static final long MEGABYTE = 1L << 20;
    private static final long LEAST_BUFFERS = 128 * MEGABYTE;
    private static final long MOST_BUFFERS = 1024 * MEGABYTE;

    private ServerSettings() {}

    /**
     * An eighth of the memory, between 128 MB and 1 GB: readers mostly read the tail of the log, and most of that comes
     * from the hub's own cache or the operating system's.
     *
     * @param memory the machine's or the container's, in bytes
     */
    static long sharedBuffers(long memory) {
        return Math.clamp(memory / 8, LEAST_BUFFERS, MOST_BUFFERS);
    }

    /**
     * The text of {@code millrace.conf}.
     *
     * @param role what a primary needs for its followers, a follower for its primary, or a restored server
     */
    static String text(int majorVersion, long memory, Path logDirectory, List<ServerSetting> role) {
        List<ServerSetting> settings = new ArrayList<>(role);
        settings.addAll(writing());
        settings.addAll(sessions(memory));
        settings.addAll(logging(logDirectory));
        if (majorVersion >= 18) {
            settings.add(new ServerSetting(
                    "io_method", "sync", "worker processes cost more than they gain where the log is in memory"));
        }
        return settings.stream()
                .map(ServerSetting::line)
                .collect(Collectors.joining(
                        "\n",
                        "# Written by Millrace at every start; change settings with ALTER SYSTEM instead.\n\n",
                        ""));
    }

    private static List<ServerSetting> writing() {
        return List.of(
                new ServerSetting("fsync", "on", "an acknowledged record survives a loss of power"),
                new ServerSetting("full_page_writes", "on", "so does a page that was being written"),
                new ServerSetting(
                        "max_wal_size", "4GB", "checkpoints are triggered by time, not by the amount of data appended"),
                new ServerSetting(
                        "checkpoint_timeout",
                        "15min",
                        "after a checkpoint the first write to each page logs the whole page"),
                new ServerSetting("min_wal_size", "1GB", "recycled WAL files are twice as fast to write as new ones"),
                new ServerSetting("wal_buffers", "16MB", "large batches do not wait for room before they commit"),
                new ServerSetting("wal_compression", "off", "this build has only pglz, which costs more than it saves"),
                new ServerSetting("commit_delay", "0", "the hub gathers batches itself"));
    }

    private static List<ServerSetting> sessions(long memory) {
        return List.of(
                new ServerSetting(
                        "shared_buffers",
                        sharedBuffers(memory) / MEGABYTE + "MB",
                        "an eighth of the memory, between 128 MB and 1 GB"),
                new ServerSetting("max_connections", "100", "the hub takes a few dozen, the rest is for operators"),
                new ServerSetting("jit", "off", "short statements pay for the compiler and gain nothing"),
                new ServerSetting(
                        "idle_in_transaction_session_timeout",
                        "5min",
                        "a forgotten transaction keeps dead versions of the hottest rows alive"),
                new ServerSetting("password_encryption", "scram-sha-256", "no password is sent or stored in clear"),
                new ServerSetting("timezone", "UTC", "times look the same wherever the hub runs"));
    }

    private static List<ServerSetting> logging(Path logDirectory) {
        return List.of(
                new ServerSetting("logging_collector", "on", "bounds the log without another program"),
                new ServerSetting("log_directory", logDirectory.toString(), "next to the data directory, not in it"),
                new ServerSetting("log_filename", "postgres-%a.log", "one file for each day of the week"),
                new ServerSetting("log_truncate_on_rotation", "on", "a week later the day's file is overwritten"),
                new ServerSetting("log_rotation_age", "1d", "one file a day"),
                new ServerSetting("log_rotation_size", "0", "rotates by time only: rotation by size does not truncate"),
                new ServerSetting("log_timezone", "UTC", "as in the hub's own log"),
                new ServerSetting("log_line_prefix", "%m [%p] %a ", "time, process, application name"),
                new ServerSetting("lc_messages", "C", "the hub parses the server's messages at start"));
    }
}
