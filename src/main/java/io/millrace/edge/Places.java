package io.millrace.edge;

import io.millrace.event.Place;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Places as text: of a body, a JSON pointer in its URI fragment form (RFC 6901, section 6), such as
 * {@code #/records/3/value}; of a query, {@code ?} and the parameter's name; of the head, the header's name.
 */
public final class Places {

    private static final int MAX_NAME_LENGTH = 64;

    /** The characters that a fragment may have without percent-encoding (RFC 3986, section 3.5). */
    private static final String FRAGMENT =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?";

    private Places() {}

    public static String text(Place place) {
        return switch (place) {
            case Place.Field field -> pointer("#", field.path());
            case Place.OfRecord record -> pointer("#/records/" + record.index(), record.path());
            case Place.Parameter parameter -> "?" + token(parameter.name());
            case Place.Header header -> header.name();
        };
    }

    private static String pointer(String from, List<String> path) {
        StringBuilder pointer = new StringBuilder(from);
        path.forEach(step -> pointer.append('/').append(token(step)));
        return pointer.toString();
    }

    /** A name, which the client may have chosen, as one token of a pointer; a long one is truncated. */
    private static String token(String name) {
        String shown = name;
        if (name.length() > MAX_NAME_LENGTH) {
            int half = Character.isHighSurrogate(name.charAt(MAX_NAME_LENGTH - 1)) ? 1 : 0;
            shown = name.substring(0, MAX_NAME_LENGTH - half);
        }
        String token = shown.replace("~", "~0").replace("/", "~1");
        StringBuilder fragment = new StringBuilder();
        for (byte b : token.getBytes(StandardCharsets.UTF_8)) {
            if (FRAGMENT.indexOf(b) >= 0) {
                fragment.append((char) b);
            } else {
                fragment.append(String.format(Locale.ROOT, "%%%02X", b & 0xff));
            }
        }
        return fragment.toString();
    }
}
