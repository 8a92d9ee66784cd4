package io.millrace.stream.websocket.frame;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers the offers of {@code permessage-deflate} (RFC 7692, 7.1) in a handshake. Neither side may carry its window
 * from one message to the next, whatever the client offers: so no connection has a compressor of its own, and records
 * compressed once can be sent to many clients. An offer with a parameter that the RFC does not define, or with a server
 * window other than zlib's here, is declined.
 */
public final class DeflateOffer {

    /** The header of both the offers and the answer. */
    public static final String HEADER = "Sec-WebSocket-Extensions";

    private static final String NAME = "permessage-deflate";
    private static final String NO_CONTEXT = "; server_no_context_takeover; client_no_context_takeover";

    /** The JDK's deflater has only the largest window. An offer that names a limit is answered with it. */
    private static final String WINDOW = "server_max_window_bits";

    private static final Pattern PARAMETER = Pattern.compile("(?:server|client)_no_context_takeover"
            + "|client_max_window_bits(?:=(?:[89]|1[0-5]|\"(?:[89]|1[0-5])\"))?"
            + "|" + WINDOW + "=(?:15|\"15\")");

    private DeflateOffer() {}

    /**
     * The answer to the first acceptable offer; null if there is none.
     *
     * @param headers the values of the header, each a list of extensions
     */
    public static @Nullable String answer(List<String> headers) {
        return headers.stream()
                .flatMap(header -> Arrays.stream(header.split(",", -1)))
                .map(DeflateOffer::answer)
                .filter(answer -> !answer.isEmpty())
                .findFirst()
                .orElse(null);
    }

    private static String answer(String extension) {
        String[] parts = extension.split(";", -1);
        if (!parts[0].strip().equals(NAME)) {
            return "";
        }
        Set<String> names = new HashSet<>();
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            String name = parameter.split("=", 2)[0];
            if (!PARAMETER.matcher(parameter).matches() || !names.add(name)) {
                return "";
            }
        }
        return NAME + NO_CONTEXT + (names.contains(WINDOW) ? "; " + WINDOW + "=15" : "");
    }
}
