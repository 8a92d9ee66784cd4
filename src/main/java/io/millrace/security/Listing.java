package io.millrace.security;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Pages of rows in the order of their names, without those that the caller may not see. */
public final class Listing {

    /** Where the rows come from. */
    @FunctionalInterface
    public interface Source<T> {

        /** The first rows whose names come after the given one, at most {@code most}. */
        List<T> read(String after, int most);
    }

    /**
     * Rows that the caller may see.
     *
     * @param next the name to continue after; null at the end
     */
    public record Page<T>(List<T> rows, @Nullable String next) {}

    private Listing() {}

    /**
     * The next rows that may be seen, at most {@code limit}.
     *
     * @param after names up to this one are left out
     */
    public static <T> Page<T> page(
            int limit, String after, Source<T> source, Function<T, String> name, Predicate<String> visible) {
        List<T> found = first(limit + 1, after, source, name, visible);
        if (found.size() <= limit) {
            return new Page<>(found, null);
        }
        List<T> rows = found.subList(0, limit);
        return new Page<>(rows, name.apply(rows.getLast()));
    }

    /**
     * The first rows that may be seen, at most {@code most}. The source is asked again only while rows were left out.
     */
    static <T> List<T> first(
            int most, String after, Source<T> source, Function<T, String> name, Predicate<String> visible) {
        List<T> shown = new ArrayList<>();
        String from = after;
        while (true) {
            List<T> rows = source.read(from, most);
            rows.stream().filter(row -> visible.test(name.apply(row))).forEach(shown::add);
            if (rows.size() < most || shown.size() >= most) {
                return List.copyOf(shown.subList(0, Math.min(most, shown.size())));
            }
            from = name.apply(rows.getLast());
        }
    }
}
