package io.millrace.embeddedpostgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the owner of a home does after a restore that was killed at any moment once its files had been checked. */
class RestoreTest {

    @TempDir
    private Path home;

    @BeforeEach
    void aHomeAndWhatWasRestored() throws Exception {
        write("pgdata/PG_VERSION", "old");
        write("postgres.password", "old");
        write("restored/pgdata/PG_VERSION", "new");
        write("restored/postgres.password", "new");
    }

    @Test
    void beforeAnythingWasMoved() throws Exception {
        assertThat(Restore.finish(home)).isEqualTo(home.resolve("replaced-1"));

        assertThat(contents()).isEqualTo("new new old old");
    }

    @Test
    void afterThePreviousDataWereMovedAside() throws Exception {
        Files.createDirectory(home.resolve("replaced-1"));
        write("replaced-1/postgres.password", "old");
        Files.move(home.resolve("pgdata"), home.resolve("replaced-1/pgdata"));

        assertThat(Restore.finish(home)).isNull();

        assertThat(contents()).isEqualTo("new new old old");
    }

    @Test
    void afterThePasswordWasMoved() throws Exception {
        Files.createDirectory(home.resolve("replaced-1"));
        write("replaced-1/postgres.password", "old");
        Files.move(home.resolve("pgdata"), home.resolve("replaced-1/pgdata"));
        Files.delete(home.resolve("postgres.password"));
        Files.move(home.resolve("restored/postgres.password"), home.resolve("postgres.password"));

        assertThat(Restore.finish(home)).isNull();

        assertThat(contents()).isEqualTo("new new old old");
    }

    @Test
    void afterEverythingWasMoved() throws Exception {
        Restore.finish(home);
        Files.createDirectory(home.resolve("restored"));

        assertThat(Restore.finish(home)).isNull();

        assertThat(contents()).isEqualTo("new new old old");
        assertThat(home.resolve("replaced-2")).doesNotExist();
    }

    @Test
    void aHomeWithoutARestoreStaysAsItIs() throws Exception {
        Directories.delete(home.resolve("restored"));

        assertThat(Restore.finish(home)).isNull();

        assertThat(home.resolve("pgdata/PG_VERSION")).hasContent("old");
        assertThat(home.resolve("replaced-1")).doesNotExist();
    }

    /** The data and their password, then those moved aside. */
    private String contents() throws Exception {
        assertThat(home.resolve("restored")).doesNotExist();
        StringBuilder contents = new StringBuilder();
        for (String file : new String[] {
            "pgdata/PG_VERSION", "postgres.password", "replaced-1/pgdata/PG_VERSION", "replaced-1/postgres.password"
        }) {
            contents.append(Files.readString(home.resolve(file))).append(' ');
        }
        return contents.toString().strip();
    }

    private void write(String file, String content) throws Exception {
        Path path = home.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }
}
