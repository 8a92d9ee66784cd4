package io.millrace.docs;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The series and labels that a Prometheus query uses. */
record PromQl(String text) {

    private static final Pattern STRING = Pattern.compile("\"[^\"]*\"");
    private static final Pattern MATCHERS = Pattern.compile("\\{([^}]*)}");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|on|ignoring) \\(([^)]*)\\)");
    private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
    private static final Pattern NAME = Pattern.compile("\\b[a-z]\\w*\\b(?! *\\()");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+)(?:\\{(.*)})? \\S+$");
    private static final Set<String> WORDS = Set.of("and", "or", "unless");

    Set<String> metrics() {
        String bare = RANGE.matcher(withoutStrings()).replaceAll("");
        bare = MATCHERS.matcher(bare).replaceAll("");
        bare = GROUPING.matcher(bare).replaceAll("");
        return NAME.matcher(bare)
                .results()
                .map(name -> name.group())
                .filter(name -> !WORDS.contains(name))
                .collect(Collectors.toSet());
    }

    Set<String> labels() {
        Set<String> labels = new HashSet<>();
        for (Pattern place : List.of(MATCHERS, GROUPING)) {
            place.matcher(withoutStrings()).results().forEach(found -> labels.addAll(names(found.group(1))));
        }
        return labels;
    }

    /** The series of a scrape, each with the labels of all of its samples. */
    static Map<String, Set<String>> series(String scrape) {
        Map<String, Set<String>> series = new HashMap<>();
        SAMPLE.matcher(scrape).results().forEach(sample -> {
            String labels = sample.group(2) == null
                    ? ""
                    : STRING.matcher(sample.group(2)).replaceAll("");
            series.computeIfAbsent(sample.group(1), _ -> new HashSet<>()).addAll(names(labels));
        });
        return series;
    }

    private String withoutStrings() {
        return STRING.matcher(text).replaceAll("");
    }

    private static Set<String> names(String labels) {
        return Pattern.compile("\\w+")
                .matcher(labels)
                .results()
                .map(name -> name.group())
                .collect(Collectors.toSet());
    }
}
