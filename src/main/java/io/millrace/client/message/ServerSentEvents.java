package io.millrace.client.message;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Puts the lines of an event stream together to events, as the HTML standard says in "Server-sent events". Used by one
 * thread.
 */
public final class ServerSentEvents {

    /**
     * An event.
     *
     * @param name {@code message} if the stream does not say
     * @param lastId the last id so far: what a client sends to go on behind this event; null for none
     * @param data in UTF-8
     */
    public record Event(String name, @Nullable String lastId, String data) {}

    private static final String UNNAMED = "message";

    private final StringBuilder data = new StringBuilder();
    private String name = UNNAMED;
    private @Nullable String lastId;
    private boolean hasData;
    private int comments;

    /** Takes a line, in UTF-8; the event, if it ends one. */
    public @Nullable Event take(byte[] line) {
        return take(new String(line, StandardCharsets.UTF_8));
    }

    /** Takes a line; the event, if it ends one. */
    public @Nullable Event take(String line) {
        if (line.isEmpty()) {
            return end();
        }
        int colon = line.indexOf(':');
        if (colon == 0) {
            comments++;
            return null;
        }
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(line.startsWith(" ", colon + 1) ? colon + 2 : colon + 1);
        switch (field) {
            case "event" -> name = value;
            case "data" -> {
                data.append(hasData ? "\n" : "").append(value);
                hasData = true;
            }
            case "id" -> lastId = value.indexOf('\0') < 0 ? value : lastId;
            default -> {
                // How long to wait before connecting again is the caller's to say; others there are none.
            }
        }
        return null;
    }

    private @Nullable Event end() {
        Event event = hasData ? new Event(name.isEmpty() ? UNNAMED : name, lastId, data.toString()) : null;
        data.setLength(0);
        hasData = false;
        name = UNNAMED;
        return event;
    }

    /** The last id so far; null for none. */
    public @Nullable String lastId() {
        return lastId;
    }

    /** How many lines said nothing but that the hub is there. */
    public int comments() {
        return comments;
    }
}
