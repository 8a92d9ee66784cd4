package io.millrace.event;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The places of violations: JSON pointers in their URI fragment form (RFC 6901, section 6). */
public final class JsonPointers {

    private static final int MAX_NAME_LENGTH = 64;

    /** What a fragment holds without being percent-encoded (RFC 3986, section 3.5). */
    private static final String FRAGMENT =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?";

    private JsonPointers() {}

    /** A member's name, which the client chose, as one token of a pointer; a long one is cut. */
    public static String token(String name) {
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
