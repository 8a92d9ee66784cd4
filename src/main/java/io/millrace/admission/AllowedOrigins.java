package io.millrace.admission;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The origins of other sites' pages that may use the hub. */
final class AllowedOrigins {

    private static final String ANY = "*";

    /** The origin of files and sandboxed frames. */
    private static final String NULL = "null";

    private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[^/?#@\\s*]+");

    private final Set<String> origins = new HashSet<>();

    /** @throws IllegalArgumentException for a setting that is not an origin */
    AllowedOrigins(List<String> configured) {
        for (String origin : configured) {
            String lower = origin.strip().toLowerCase(Locale.ROOT);
            String known = lower.endsWith("/") ? lower.substring(0, lower.length() - 1) : lower;
            if (!known.equals(ANY)
                    && !known.equals(NULL)
                    && !ORIGIN.matcher(known).matches()) {
                throw new IllegalArgumentException("millrace.http.allowed-origins: '" + origin
                        + "' is not an origin such as https://app.example.org or http://localhost:3000");
            }
            origins.add(known);
        }
    }

    boolean isEmpty() {
        return origins.isEmpty();
    }

    /** Whether pages of any site may do anything, even if the browser does not say which site it is. */
    boolean any() {
        return origins.contains(ANY);
    }

    boolean contains(String origin) {
        return any() || origins.contains(origin.toLowerCase(Locale.ROOT));
    }
}
