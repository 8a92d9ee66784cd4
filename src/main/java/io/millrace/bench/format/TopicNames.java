package io.millrace.bench.format;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The topics that requests go to in turn: one by its name, or several by that and a number, all of one length.
 *
 * @param base the name, or what the names begin with
 * @param count how many there are
 */
public record TopicNames(String base, int count) {

    /** One topic. */
    public static TopicNames one(String name) {
        return new TopicNames(name, 1);
    }

    /** The first, which is in a request before another is written over it. */
    public String first() {
        return name(0);
    }

    public List<String> all() {
        return IntStream.range(0, count).mapToObj(this::name).toList();
    }

    /** How many digits at the end of a name tell it from the others. */
    int digits() {
        return count == 1 ? 0 : Integer.toString(count - 1).length();
    }

    private String name(int number) {
        return count == 1 ? base : String.format(Locale.ROOT, "%s-%0" + digits() + "d", base, number);
    }
}
