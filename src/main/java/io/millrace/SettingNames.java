package io.millrace;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The names of all settings of the hub, from the metadata that the build derives from the {@code *Properties} records.
 */
final class SettingNames {

    /** The prefix of all settings of the hub. */
    static final String PREFIX = "millrace.";

    private static final String METADATA = "/META-INF/spring-configuration-metadata.json";
    private static final Pattern INDEX = Pattern.compile("\\[[^]]*]");

    private final Set<String> names;

    SettingNames(Set<String> names) {
        this.names = Collections.unmodifiableSet(new TreeSet<>(names));
    }

    /** The hub's own metadata come first on the class path, before libraries' files of the same name. */
    static SettingNames read() {
        Set<String> names = new TreeSet<>();
        try (InputStream metadata = SettingNames.class.getResourceAsStream(METADATA)) {
            for (JsonNode property : JsonMapper.shared()
                    .readTree(Objects.requireNonNull(metadata, METADATA))
                    .path("properties")) {
                names.add(property.path("name").asString());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        if (!names.stream().allMatch(name -> name.startsWith(PREFIX))) {
            throw new IllegalStateException("not the hub's own settings: " + names);
        }
        return new SettingNames(names);
    }

    Set<String> all() {
        return names;
    }

    /** Whether a setting with this name in a file or argument exists, in any spelling that Spring Boot understands. */
    boolean exists(String name) {
        String sought = canonical(name);
        return names.stream().map(SettingNames::canonical).anyMatch(sought::equals);
    }

    /** The same for an environment variable, in which underscores replace dots, and dashes are replaced or left out. */
    boolean existsAsVariable(String variable) {
        String sought = lettersOf(variable.replaceAll("_\\d+(?=_|$)", ""));
        return names.stream().map(SettingNames::lettersOf).anyMatch(sought::equals);
    }

    /** The known setting with the most similar name. */
    String nearest(String name) {
        String sought = canonical(name.replace('_', '.'));
        String letters = lettersOf(name);
        return Collections.min(
                names,
                Comparator.comparingInt((String known) ->
                                Math.min(distance(letters, lettersOf(known)), distance(sought, canonical(known))))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static String canonical(String name) {
        return INDEX.matcher(name)
                .replaceAll("")
                .replace("-", "")
                .replace("_", "")
                .toLowerCase(Locale.ROOT);
    }

    private static String lettersOf(String name) {
        return canonical(name).replace(".", "");
    }

    /** The Levenshtein distance: how many letters to insert, delete or replace. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
