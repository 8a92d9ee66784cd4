package io.millrace.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code docs/patroni.md} tells operators to write, to run and to put into the hubs' settings. */
record PatroniPage(String text) {

    static final String CONFIGURATION = "/etc/patroni/config.yml";

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\n(.*?)^```$");
    private static final Pattern URL = Pattern.compile("postgresql://[^\\s'\"]+");

    static PatroniPage read() throws IOException {
        return new PatroniPage(Files.readString(Path.of("docs", "patroni.md")));
    }

    /** Patroni's file for the first node. */
    String configuration() {
        return block("yaml", "scope:");
    }

    /** The password of a role of PostgreSQL in it. */
    String password(String role) {
        Matcher password =
                Pattern.compile("username: " + role + "\\s+password: (\\S+)").matcher(configuration());
        if (!password.find()) {
            throw new AssertionError("the page has no password of " + role);
        }
        return password.group(1);
    }

    /** The statements that the superuser runs once. */
    List<String> statements() {
        return block("sql", "create role").lines().toList();
    }

    /** The line of a block of commands with that in it. */
    String command(String containing) {
        return block("sh", containing)
                .lines()
                .filter(line -> line.contains(containing))
                .findFirst()
                .orElseThrow();
    }

    /** The hubs' {@code millrace.database.url}. */
    String databaseUrl() {
        Matcher url = URL.matcher(block("sh", "MILLRACE_DATABASE_URL"));
        if (!url.find()) {
            throw new AssertionError("the page has no URL");
        }
        return url.group();
    }

    /** @param replaced what stands in the text, and what to write there */
    static String replace(String text, Map<String, String> replaced) {
        String result = text;
        for (Map.Entry<String, String> each : replaced.entrySet()) {
            result = result.replace(each.getKey(), each.getValue());
        }
        return result;
    }

    private String block(String language, String containing) {
        return BLOCK.matcher(text)
                .results()
                .filter(block ->
                        block.group(1).equals(language) && block.group(2).contains(containing))
                .map(block -> block.group(2))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the page has no block with " + containing));
    }
}
