package io.millrace.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The table in {@code ARCHITECTURE.md} has every package with the dependencies that its {@code package-info} allows.
 */
class ArchitecturePageTest {

    private static final Path ROOT = Path.of("src/main/java/io/millrace");
    private static final Pattern ALLOWED = Pattern.compile("allowedDependencies = \\{([^}]*)}");
    private static final Pattern NAME = Pattern.compile("\"(\\w+(?: :: \\w+)?)\"");

    @Test
    void everyPackageIsListedWithItsAllowedDependencies() throws Exception {
        Map<String, String> listed = new TreeMap<>();
        for (DocumentedRow row : DocumentedRow.all("ARCHITECTURE.md")) {
            listed.put(row.name(), row.last());
        }

        assertThat(listed).isEqualTo(packages());
    }

    private static Map<String, String> packages() throws Exception {
        Map<String, String> packages = new TreeMap<>();
        try (Stream<Path> children = Files.list(ROOT)) {
            List<Path> directories = children.filter(Files::isDirectory).toList();
            for (Path directory : directories) {
                packages.put(directory.getFileName().toString(), allowedIn(directory.resolve("package-info.java")));
            }
        }
        return packages;
    }

    private static String allowedIn(Path packageInfo) throws Exception {
        Matcher allowed = ALLOWED.matcher(Files.readString(packageInfo));
        assertThat(allowed.find()).as(packageInfo.toString()).isTrue();
        return NAME.matcher(allowed.group(1))
                .results()
                .map(name -> name.group(1))
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
