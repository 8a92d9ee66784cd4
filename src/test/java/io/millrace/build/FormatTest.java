package io.millrace.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every Java file is formatted by palantir-java-format. The formatter runs here, on the build's own JDK, instead of as
 * a Maven plugin, since Maven may run on a JDK that cannot read the sources.
 *
 * <p>{@code mvn test -Dtest=FormatTest -Dformat=apply} rewrites files that differ.
 */
class FormatTest {

    @Test
    void everyJavaFileIsFormatted() throws Exception {
        Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .formatJavadoc(true)
                .build());
        boolean apply = "apply".equals(System.getProperty("format"));
        List<Path> different = new ArrayList<>();
        for (Path file : javaFiles()) {
            String source = Files.readString(file);
            String formatted = formatter.formatSourceAndFixImports(source);
            if (!formatted.equals(source)) {
                different.add(file);
                if (apply) {
                    Files.writeString(file, formatted);
                }
            }
        }
        if (!apply) {
            assertThat(different)
                    .as("not formatted: run mvn test -Dtest=FormatTest -Dformat=apply")
                    .isEmpty();
        }
    }

    private static List<Path> javaFiles() throws Exception {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }
}
