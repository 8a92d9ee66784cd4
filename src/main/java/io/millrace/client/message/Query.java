package io.millrace.client.message;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Builds a resource path with its query. Used by one thread. */
public final class Query {

    private final StringBuilder text = new StringBuilder();
    private char before = '?';

    /** @param steps of the path; every second one may have any characters and is encoded */
    public Query(String... steps) {
        for (int i = 0; i < steps.length; i++) {
            text.append(i % 2 == 0 ? steps[i] : encoded(steps[i]));
        }
    }

    /** @param value null to leave the parameter out */
    public Query with(String name, @Nullable Object value) {
        if (value != null) {
            text.append(before).append(name).append('=').append(encoded(value.toString()));
            before = '&';
        }
        return this;
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2C", ",");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
