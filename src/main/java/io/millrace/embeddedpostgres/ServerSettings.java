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

    /** One setting in the server's configuration, with the reason for it. */
    record Setting(String name, String value, String reason) {

        String line() {
            return "# " + reason + "\n" + name + " = '" + value.replace("'", "''") + "'\n";
        }
    }

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
    static String text(int majorVersion, long memory, Path logDirectory, List<Setting> role) {
        List<Setting> settings = new ArrayList<>(role);
        settings.addAll(writing());
        settings.addAll(sessions(memory));
        settings.addAll(logging(logDirectory));
        if (majorVersion >= 18) {
            settings.add(new Setting(
                    "io_method", "sync", "worker processes cost more than they gain where the log is in memory"));
        }
        return settings.stream()
                .map(Setting::line)
                .collect(Collectors.joining(
                        "\n",
                        "# Written by Millrace at every start; change settings with ALTER SYSTEM instead.\n\n",
                        ""));
    }

    private static List<Setting> writing() {
        return List.of(
                new Setting("fsync", "on", "an acknowledged record survives a loss of power"),
                new Setting("full_page_writes", "on", "so does a page that was being written"),
                new Setting(
                        "max_wal_size", "4GB", "checkpoints are triggered by time, not by the amount of data appended"),
                new Setting(
                        "checkpoint_timeout",
                        "15min",
                        "after a checkpoint the first write to each page logs the whole page"),
                new Setting("min_wal_size", "1GB", "recycled WAL files are twice as fast to write as new ones"),
                new Setting("wal_buffers", "16MB", "large batches do not wait for room before they commit"),
                new Setting("wal_compression", "off", "this build has only pglz, which costs more than it saves"),
                new Setting("commit_delay", "0", "the hub gathers batches itself"));
    }

    private static List<Setting> sessions(long memory) {
        return List.of(
                new Setting(
                        "shared_buffers",
                        sharedBuffers(memory) / MEGABYTE + "MB",
                        "an eighth of the memory, between 128 MB and 1 GB"),
                new Setting("max_connections", "100", "the hub takes a few dozen, the rest is for operators"),
                new Setting("jit", "off", "short statements pay for the compiler and gain nothing"),
                new Setting(
                        "idle_in_transaction_session_timeout",
                        "5min",
                        "a forgotten transaction keeps dead versions of the hottest rows alive"),
                new Setting("password_encryption", "scram-sha-256", "no password is sent or stored in clear"),
                new Setting("timezone", "UTC", "times look the same wherever the hub runs"));
    }

    private static List<Setting> logging(Path logDirectory) {
        return List.of(
                new Setting("logging_collector", "on", "bounds the log without another program"),
                new Setting("log_directory", logDirectory.toString(), "next to the data directory, not in it"),
                new Setting("log_filename", "postgres-%a.log", "one file for each day of the week"),
                new Setting("log_truncate_on_rotation", "on", "a week later the day's file is overwritten"),
                new Setting("log_rotation_age", "1d", "one file a day"),
                new Setting("log_rotation_size", "0", "rotates by time only: rotation by size does not truncate"),
                new Setting("log_timezone", "UTC", "as in the hub's own log"),
                new Setting("log_line_prefix", "%m [%p] %a ", "time, process, application name"),
                new Setting("lc_messages", "C", "the hub parses the server's messages at start"));
    }
}
