package io.millrace.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The names, queries and tables in {@code docs/operations.md}. */
public record OperationsPage(String text) {

    static final String PATH = "docs/operations.md";

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\n(.*?)^```$");
    private static final Pattern NAME = Pattern.compile("\\b(?:millrace|spring|server)(?:\\.[a-z][a-z_-]*)+");
    private static final Pattern VARIABLE =
            Pattern.compile("\\b((?:MILLRACE|MANAGEMENT|LOGGING|SPRING|SERVER)(?:_[A-Z]+)+)=");
    private static final Pattern RESOURCE = Pattern.compile("(?<=[\\s`\"])/[a-z]\\w*(?:/[\\w.-]+)*");
    private static final Pattern ERROR = Pattern.compile("(\\d{3}) `([a-z_]+)`");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

    public static OperationsPage read() throws IOException {
        return new OperationsPage(Files.readString(Path.of(PATH)));
    }

    /** Names with dots: settings and database objects. */
    Set<String> names() {
        return found(NAME, text, 0);
    }

    Set<String> variables() {
        return found(VARIABLE, text, 1);
    }

    /** The hub's paths, outside of queries. */
    Set<String> resources() {
        String prose = BLOCK.matcher(text)
                .replaceAll(block -> block.group(1).equals("promql") ? "" : "$0")
                .replaceAll("http://localhost:80[89]0", "");
        return found(RESOURCE, prose, 0);
    }

    /** Each status with the code that follows it. */
    List<MatchResult> errors() {
        return ERROR.matcher(text).results().toList();
    }

    /** The words in code style in a text. */
    static Set<String> codes(String text) {
        return found(CODE, text, 1);
    }

    Set<String> links() {
        return found(LINK, text, 1);
    }

    public List<String> blocks(String language) {
        return BLOCK.matcher(text)
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2).strip())
                .toList();
    }

    /** The rows of the tables below a heading, without the header rows. */
    List<List<String>> rows(String heading) {
        String below = text.split("(?m)^##+ " + Pattern.quote(heading) + "$", 2)[1];
        return below.split("(?m)^##", 2)[0]
                .lines()
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .map(line -> Arrays.stream(line.substring(1).split("\\|"))
                        .map(String::strip)
                        .toList())
                .toList();
    }

    private static Set<String> found(Pattern pattern, String text, int group) {
        return pattern.matcher(text)
                .results()
                .map(result -> result.group(group))
                .collect(Collectors.toSet());
    }
}
