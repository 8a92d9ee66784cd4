package io.millrace.verify.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The violations that a check has found. Used by one thread. */
public final class Findings {

    /** Of thousands of violations of one promise, ten are enough to see. */
    private static final int MOST_SHOWN = 10;

    private final Map<Promise, List<Violation>> shown = new EnumMap<>(Promise.class);
    private final Map<Promise, Long> counts = new EnumMap<>(Promise.class);

    void add(Promise promise, String text) {
        counts.merge(promise, 1L, Long::sum);
        List<Violation> some = shown.computeIfAbsent(promise, _ -> new ArrayList<>());
        if (some.size() < MOST_SHOWN) {
            some.add(new Violation(promise, text));
        }
    }

    /** Adds those of another check; returns this. */
    public Findings plus(Findings other) {
        other.counts.forEach((promise, count) -> counts.merge(promise, count, Long::sum));
        other.shown.forEach((promise, violations) -> {
            List<Violation> some = shown.computeIfAbsent(promise, _ -> new ArrayList<>());
            violations.stream().limit(MOST_SHOWN - some.size()).forEach(some::add);
        });
        return this;
    }

    /** The first violations of each promise; empty if there are none. */
    public List<Violation> first() {
        return shown.values().stream().flatMap(List::stream).toList();
    }

    /** The first violations of one promise. */
    public List<Violation> first(Promise promise) {
        return List.copyOf(shown.getOrDefault(promise, List.of()));
    }

    /** The number of violations of one promise. */
    public long count(Promise promise) {
        return counts.getOrDefault(promise, 0L);
    }
}
