package io.millrace.readme;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The shell commands of the README's section "Quick start", in order, as users copy them. */
final class QuickStart {

    private static final Pattern SECTION = Pattern.compile("(?ms)^## Quick start$(.*?)(?=^## )");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```$");

    private QuickStart() {}

    static List<String> blocks() throws IOException {
        var section = SECTION.matcher(Files.readString(Path.of("README.md")));
        if (!section.find()) {
            throw new AssertionError("README.md has no section Quick start");
        }
        return BLOCK.matcher(section.group(1))
                .results()
                .map(block -> block.group(1))
                .toList();
    }
}
