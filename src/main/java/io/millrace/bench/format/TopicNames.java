package io.millrace.bench.format;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The topics that requests go to in turn: one with this name, or several with this name and a number, all of the same
 * length.
 *
 * @param base the name, or the prefix of the names
 * @param count the number of topics
 */
public record TopicNames(String base, int count) {

    /** One topic. */
    public static TopicNames one(String name) {
        return new TopicNames(name, 1);
    }

    /** The first name, a placeholder in a request that is overwritten. */
    public String first() {
        return name(0);
    }

    public List<String> all() {
        return IntStream.range(0, count).mapToObj(this::name).toList();
    }

    /** How many digits at the end distinguish the names. */
    int digits() {
        return count == 1 ? 0 : Integer.toString(count - 1).length();
    }

    private String name(int number) {
        return count == 1 ? base : String.format(Locale.ROOT, "%s-%0" + digits() + "d", base, number);
    }
}
