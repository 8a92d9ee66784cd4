package io.millrace.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A row of a table in a Markdown file whose first cell is a name in code style. */
public record DocumentedRow(String name, List<String> cells) {

    public static List<DocumentedRow> all(String file) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith("| `"))
                .map(DocumentedRow::of)
                .toList();
    }

    private static DocumentedRow of(String line) {
        List<String> cells = Arrays.stream(
                        line.substring(1, line.lastIndexOf('|')).split("\\|"))
                .map(String::strip)
                .toList();
        return new DocumentedRow(cells.getFirst().replace("`", ""), cells);
    }

    String second() {
        return cells.get(1);
    }

    String last() {
        return cells.getLast();
    }
}
