package io.millrace.embeddedpostgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code backup.json} says about a backup.
 *
 * @param format of the backup; this class knows {@value #FORMAT}
 * @param hubVersion of the Millrace that made it
 * @param postgresVersion such as 18.6; only the same major version can read it
 * @param finishedAt when the copy was complete: everything that was acknowledged before the backup began is in it
 * @param systemIdentifier of the database cluster; text, as it does not fit into JavaScript's numbers
 * @param wal what has to be replayed until the copy is consistent
 * @param files the number of files, without this one and the checksums
 * @param bytes of these files together
 * @param directories all of them, parents first, since copies by other tools may lack empty ones
 */
public record BackupInfo(
        int format,
        String hubVersion,
        String postgresVersion,
        Instant finishedAt,
        String systemIdentifier,
        WalRange wal,
        int files,
        long bytes,
        List<String> directories) {

    static final String FILE = "backup.json";
    static final int FORMAT = 1;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    public BackupInfo {
        directories = List.copyOf(directories);
    }

    String text() {
        return MAPPER.writeValueAsString(this) + "\n";
    }

    /** @throws EmbeddedPostgresException if the directory is not a finished backup that this version can read */
    static BackupInfo read(Path backup) throws IOException {
        Path file = backup.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new EmbeddedPostgresException(
                    backup + " is not a finished backup: it has no " + FILE,
                    "Name the directory that millrace backup has written");
        }
        try {
            int format = MAPPER.readTree(file.toFile()).path("format").intValue();
            if (format != FORMAT) {
                throw new EmbeddedPostgresException(
                        backup + " has the format " + format + ", this version of Millrace reads " + FORMAT,
                        "Restore with the version of Millrace that made it");
            }
            return MAPPER.readValue(file.toFile(), BackupInfo.class);
        } catch (JacksonException wrong) {
            throw Checksums.damaged(FILE + ": " + wrong.getOriginalMessage());
        }
    }

    /** The major version of {@link #postgresVersion}. */
    int majorVersion() {
        return PostgresBinaries.majorVersion(postgresVersion);
    }
}
