package io.millrace.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlTest {

    @Test
    void allStatementsOfThePackageAreReadAtOnce(@TempDir Path classes) throws Exception {
        Path directory = Files.createDirectories(classes.resolve("io/millrace/database"));
        try (InputStream type = Columns.class.getResourceAsStream("Columns.class")) {
            Files.copy(type, directory.resolve("Columns.class"));
        }
        Path statement = Files.writeString(directory.resolve("select-one.sql"), "select 1\n");
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            Sql sql = Sql.of(loader.loadClass(Columns.class.getName()));
            Files.delete(statement);

            assertThat(sql.text("select-one")).isEqualTo("select 1");
        }
    }

    @Test
    void aMissingStatementIsABug() {
        assertThatThrownBy(() -> Sql.of(Sql.class).text("select-nothing"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("select-nothing.sql");
    }
}
