package io.millrace.edge;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.event.RequestFields;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.MultiValueMap;

/**
 * The query parameters of a request. A parameter that is unknown, given twice or of the wrong type is refused with its
 * name.
 */
public final class QueryParameters implements RequestFields {

    /** A number and a unit, for {@link #duration}. */
    public static final String DURATION_PATTERN = "^(\\d{1,9})(ms|s|m)$";

    /** Of {@link #limit}. */
    public static final int MAX_LIMIT = 1000;

    /** Of {@link #limit}, if it is not given. */
    public static final int DEFAULT_LIMIT = 100;

    private static final int MAX_SHOWN = 64;
    private static final int LONGEST_INT = 10;
    private static final Pattern NATURAL = Pattern.compile("[0-9]+");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+");
    private static final Pattern DURATION = Pattern.compile(DURATION_PATTERN);

    private final MultiValueMap<String, String> values;

    private QueryParameters(MultiValueMap<String, String> values) {
        this.values = values;
    }

    /**
     * @param known the parameters that the resource takes
     * @throws HubException {@link HubError#INVALID_REQUEST} for an unknown parameter, or one that is given twice
     */
    public static QueryParameters of(ServerHttpRequest request, Set<String> known) {
        MultiValueMap<String, String> values = request.getQueryParams();
        values.forEach((name, given) -> {
            if (!known.contains(name)) {
                throw invalid(name, "unknown_parameter", "there is no parameter " + shortened(name) + " here");
            }
            if (given.size() > 1) {
                throw invalid(name, "duplicate_parameter", "the parameter " + name + " is given twice");
            }
        });
        return new QueryParameters(values);
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The parameter's text; empty if it is not given. A parameter without a value is the empty text. */
    @Override
    public Optional<String> text(String name) {
        if (!values.containsKey(name)) {
            return Optional.empty();
        }
        String value = values.getFirst(name);
        return Optional.of(value == null ? "" : value);
    }

    /** In a query everything is text. */
    @Override
    public Optional<String> textOrNumber(String name) {
        return text(name);
    }

    /** The parameter {@code limit} of a list: how many rows a page has at most. */
    public int limit() {
        return (int) number("limit", 1, MAX_LIMIT).orElse(DEFAULT_LIMIT);
    }

    @Override
    public OptionalLong number(String name, long min, long max) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        // The JDK would also accept a plus sign and the digits of any script.
        if (!NUMBER.matcher(text.get()).matches()) {
            throw invalid(name, "wrong_type", name + " must be a whole number");
        }
        try {
            long number = Long.parseLong(text.get());
            if (number >= min && number <= max) {
                return OptionalLong.of(number);
            }
        } catch (NumberFormatException tooLong) {
            // out of any range
        }
        throw invalid(name, "out_of_range", name + " must be from " + min + " to " + max);
    }

    /** Comma-separated. */
    @Override
    public List<String> texts(String name, int most) {
        Optional<String> list = text(name);
        if (list.isEmpty()) {
            return List.of();
        }
        Set<String> texts = new LinkedHashSet<>();
        for (String text : list.get().split(",", -1)) {
            if (text.isEmpty()) {
                throw invalid(name, "wrong_type", name + " must be comma-separated texts");
            }
            if (!texts.add(text)) {
                throw invalid(name, "duplicate", name + " has a value twice");
            }
        }
        if (texts.size() > most) {
            throw invalid(name, "too_many", name + " may have at most " + most + " values");
        }
        return List.copyOf(texts);
    }

    /** Comma-separated whole numbers from 0, without duplicates; empty if the parameter is not given. */
    public List<Integer> numbers(String name, int most) {
        Set<Integer> numbers = new LinkedHashSet<>();
        for (String text : texts(name, most)) {
            if (!NATURAL.matcher(text).matches()) {
                throw invalid(name, "wrong_type", name + " must be comma-separated whole numbers from 0");
            }
            if (text.length() > LONGEST_INT || Long.parseLong(text) > Integer.MAX_VALUE) {
                throw invalid(name, "out_of_range", name + " must be from 0 to " + Integer.MAX_VALUE);
            }
            if (!numbers.add(Integer.valueOf(text))) {
                throw invalid(name, "duplicate", name + " has a value twice");
            }
        }
        return List.copyOf(numbers);
    }

    /** A duration such as {@code 500ms}, {@code 20s} or {@code 1m}; zero if it is not given. */
    public Duration duration(String name, Duration max) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return Duration.ZERO;
        }
        Matcher matcher = DURATION.matcher(text.get());
        if (!matcher.matches()) {
            throw invalid(name, "wrong_type", name + " must be a whole number with a unit: 500ms, 20s or 1m");
        }
        long number = Long.parseLong(matcher.group(1));
        Duration duration =
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    default -> Duration.ofMinutes(number);
                };
        if (duration.compareTo(max) > 0) {
            throw invalid(name, "out_of_range", name + " must be at most " + max.toSeconds() + "s");
        }
        return duration;
    }

    @Override
    public HubException refusal(String name, String code, String detail) {
        return invalid(name, code, detail);
    }

    @Override
    public HubException refusal(String code, String detail) {
        return invalid("", code, detail);
    }

    /** The refusal of a parameter. */
    public static HubException invalid(String name, String code, String detail) {
        return new HubException(HubError.INVALID_REQUEST, new Place.Parameter(name), code, detail);
    }

    private static String shortened(String name) {
        return name.length() > MAX_SHOWN ? name.substring(0, MAX_SHOWN) : name;
    }
}
