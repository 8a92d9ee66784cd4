package io.millrace.readme;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** The code on a documentation page, as users copy it. */
record Page(Path path) {

    static final Page README = new Page(Path.of("README.md"));
    static final Page BACKUP = new Page(Path.of("docs", "backup.md"));
    static final Page CLIENTS = new Page(Path.of("docs", "clients.md"));
    static final Page REPLICATION = new Page(Path.of("docs", "replication.md"));
    static final Page SQL = new Page(Path.of("docs", "sql.md"));
    static final Page WEBSOCKET = new Page(Path.of("docs", "websocket.md"));

    /** The code blocks in a language, in order. */
    List<String> blocks(String language) throws IOException {
        return Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$")
                .matcher(Files.readString(path))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /** The code blocks in a language, each with the text shown as its answer, or an empty one. */
    List<Answered> answered(String language) throws IOException {
        return Pattern.compile("(?ms)^```" + language + "\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?")
                .matcher(Files.readString(path))
                .results()
                .map(block -> new Answered(block.group(1), Objects.requireNonNullElse(block.group(2), "")))
                .toList();
    }

    /** The only code block in a language, with the settings at its top replaced. */
    String program(String language, List<Setting> settings) throws IOException {
        List<String> blocks = blocks(language);
        if (blocks.size() != 1) {
            throw new AssertionError(path + " has " + blocks.size() + " programs in " + language);
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

    record Answered(String code, String answer) {}

    /** A setting that users change. */
    record Setting(String printed, String used) {}
}
