package io.millrace.readme;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The programs of {@code docs/clients.md}, as users copy them. */
final class ClientsPage {

    private static final Path PAGE = Path.of("docs", "clients.md");

    private ClientsPage() {}

    /** The blocks of code in a language, in order. */
    static List<String> blocks(String language) throws IOException {
        return Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$")
                .matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /** The only block in a language, set up by the settings at its top. */
    static String program(String language, List<Setting> settings) throws IOException {
        List<String> blocks = blocks(language);
        if (blocks.size() != 1) {
            throw new AssertionError(PAGE + " has " + blocks.size() + " programs in " + language);
        }
        String program = blocks.getFirst();
        for (Setting setting : settings) {
            if (!program.contains(setting.printed())) {
                throw new AssertionError("the program in " + language + " does not say " + setting.printed());
            }
            program = program.replace(setting.printed(), setting.used());
        }
        return program;
    }

    /** Something that users change. */
    record Setting(String printed, String used) {}
}
