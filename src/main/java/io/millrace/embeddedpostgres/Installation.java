package io.millrace.embeddedpostgres;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a server needs to run and what remains while it is stopped. */
record Installation(PostgresBinaries binaries, ServerAccount account, DataDirectory data, ServerLog log) {

    /**
     * Creates what does not exist yet.
     *
     * @param home the real path of a directory that the caller owns
     */
    static Installation prepare(
            Path home, PostgresBinaries binaries, ServerAccount account, List<ServerSettings.Setting> role)
            throws IOException {
        account.requireAccess(Path.of(binaries.program("postgres")));
        account.requireAccess(home);
        ServerLog log = log(home, account);
        DataDirectory data = DataDirectory.open(home, binaries, account);
        List<ServerSettings.Setting> settings = new ArrayList<>(role);
        if (data.isRestored()) {
            settings.addAll(Restore.settings());
        }
        data.configure(ServerSettings.text(binaries.majorVersion(), memory(), log.directory(), settings), account);
        return new Installation(binaries, account, data, log);
    }

    /**
     * The installation of a follower, whose data directory exists.
     *
     * @param role what it needs to follow this one
     */
    Installation follower(Path home, Path path, List<ServerSettings.Setting> role) throws IOException {
        ServerLog itsLog = log(home, account);
        DataDirectory copy = new DataDirectory(path, data.password());
        // It reads little: the least memory is enough.
        copy.configure(ServerSettings.text(binaries.majorVersion(), 0, itsLog.directory(), role), account);
        return new Installation(binaries, account, copy, itsLog);
    }

    private static ServerLog log(Path home, ServerAccount account) throws IOException {
        ServerLog log = new ServerLog(Files.createDirectories(home.resolve("log")));
        log.deleteOldFiles(Instant.now());
        account.own(log.directory());
        return log;
    }

    /** The command of a postmaster. These options override every configuration file. */
    List<String> postgres(Map<String, String> options) {
        List<String> command = new ArrayList<>(
                List.of(binaries.program("postgres"), "-D", data.path().toString()));
        options.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return account.command(command);
    }

    private static long memory() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getTotalMemorySize();
    }
}
