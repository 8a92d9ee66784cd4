package io.millrace.embeddedpostgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * The database cluster in a home. It is created in a temporary directory and renamed once it is complete; the password
 * is on disk before that. So after a kill at any moment the next hub finds either no cluster or one that it can open.
 *
 * @param path the data directory
 * @param password of the superuser {@link #USER}
 */
record DataDirectory(Path path, String password) {

    static final String USER = "millrace";

    /** Its name in a home. */
    static final String NAME = "pgdata";

    /** The name of the file with its password in a home. */
    static final String PASSWORD = "postgres.password";

    /** The system identifier is the first field of the control file (src/include/catalog/pg_control.h). */
    private static final int SYSTEM_IDENTIFIER_BYTES = Long.BYTES;

    private static final int PASSWORD_BYTES = 24;
    private static final Duration INITDB_DEADLINE = Duration.ofMinutes(5);
    /** Opens the cluster in the home, or creates one. */
    static DataDirectory open(Path home, PostgresBinaries binaries, ServerAccount account) throws IOException {
        Restore.finish(home);
        Path path = home.resolve(NAME);
        Path passwordFile = home.resolve(PASSWORD);
        if (Files.exists(path.resolve("PG_VERSION"))) {
            requireSameVersion(path, binaries);
            account.own(path);
            return new DataDirectory(path, existingPassword(passwordFile));
        }
        String password = newPassword(home, passwordFile);
        initialise(home, path, password, binaries, account);
        return new DataDirectory(path, password);
    }

    /** The identifier of the cluster in a data directory, whose server need not run. */
    static long systemIdentifier(Path path) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SYSTEM_IDENTIFIER_BYTES).order(ByteOrder.nativeOrder());
        try (FileChannel control = FileChannel.open(path.resolve("global/pg_control"))) {
            control.read(bytes);
        }
        return bytes.flip().getLong();
    }

    /** Whether the server on it is a standby. */
    boolean isStandby() {
        return Files.exists(path.resolve("standby.signal"));
    }

    /** Whether it was restored from a backup, and has not begun its new timeline yet. */
    boolean isRestored() {
        return Files.exists(path.resolve("recovery.signal"));
    }

    /** Replaces the settings that the hub chose at the last start. */
    void configure(String settings, ServerAccount account) throws IOException {
        Path file = path.resolve("millrace.conf");
        Files.writeString(file, settings);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        account.own(file);
    }

    private static void initialise(
            Path home, Path path, String password, PostgresBinaries binaries, ServerAccount account)
            throws IOException {
        Path unfinished = home.resolve("pgdata.new");
        Path passwordCopy = home.resolve("pgdata.new.password");
        Directories.delete(unfinished);
        Files.deleteIfExists(passwordCopy);
        Files.createDirectory(unfinished, Directories.OWNERS_DIRECTORY);
        account.own(unfinished);
        // A copy, because the server's user can read neither the hub's file nor a pipe from the hub.
        Files.createFile(passwordCopy, Directories.OWNERS_FILE);
        Files.writeString(passwordCopy, password + "\n");
        account.own(passwordCopy);
        try {
            runInitdb(unfinished, passwordCopy, binaries, account);
        } finally {
            Files.deleteIfExists(passwordCopy);
        }
        Files.writeString(
                unfinished.resolve("postgresql.conf"),
                "\ninclude_if_exists = 'millrace.conf'\n",
                StandardOpenOption.APPEND);
        Directories.force(unfinished.resolve("postgresql.conf"));
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
        Directories.force(home);
    }

    private static void runInitdb(Path target, Path passwordFile, PostgresBinaries binaries, ServerAccount account) {
        List<String> initdb = List.of(
                binaries.program("initdb"),
                "--pgdata=" + target,
                "--username=" + USER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--data-checksums");
        Command.Result result = Command.runTied(account.command(initdb), INITDB_DEADLINE);
        if (!result.succeeded()) {
            throw new EmbeddedPostgresException(
                    "initdb failed with status " + result.status() + ":\n" + result.output(),
                    "Fix what it reports, or set MILLRACE_DATABASE_URL to a PostgreSQL database");
        }
    }

    private static void requireSameVersion(Path path, PostgresBinaries binaries) throws IOException {
        String version = Files.readString(path.resolve("PG_VERSION")).strip();
        if (!version.equals(String.valueOf(binaries.majorVersion()))) {
            throw new EmbeddedPostgresException(
                    path + " was written by PostgreSQL " + version + ", this is " + binaries.version(),
                    "Use the Millrace version that wrote it, and move the data with pg_dump");
        }
    }

    static String existingPassword(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new EmbeddedPostgresException(
                    file + " is missing, so the hub cannot log in to its own PostgreSQL",
                    "Restore that file from a backup of the home directory");
        }
        return Files.readString(file).strip();
    }

    private static String newPassword(Path home, Path file) throws IOException {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Files.deleteIfExists(file);
        Files.createFile(file, Directories.OWNERS_FILE);
        Files.writeString(file, password + "\n");
        Directories.force(file);
        Directories.force(home);
        return password;
    }
}
