package io.millrace.admission;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The host that a request is for: the field {@code Host}, or the authority of an absolute request target.
 *
 * @param name in lower case, without a dot at its end; an IPv6 address is in brackets
 */
record HostHeader(String name) {

    /** {@code uri-host [":" port]} of RFC 9110, without percent-encoding, which no host name needs. */
    private static final Pattern SYNTAX =
            Pattern.compile("(\\[[0-9A-Fa-f:.]{2,45}]|[A-Za-z0-9._~!$&'()*+,;=-]{0,255})(?::[0-9]{0,5})?");

    /** @return null if the text is not a host */
    static @Nullable HostHeader parse(String text) {
        var matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        String name = matcher.group(1).toLowerCase(Locale.ROOT);
        return new HostHeader(name.length() > 1 && name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
    }
}
