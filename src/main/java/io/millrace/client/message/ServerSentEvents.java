package io.millrace.client.message;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Parses the lines of an event stream into events, as in "Server-sent events" of the HTML standard. Used by one thread.
 */
public final class ServerSentEvents {

    /**
     * An event.
     *
     * @param name {@code message} if the stream does not say
     * @param lastId the last id so far, which a client sends to continue after this event; null for none
     * @param data in UTF-8
     */
    public record Event(String name, @Nullable String lastId, String data) {}

    private static final String UNNAMED = "message";

    private final StringBuilder data = new StringBuilder();
    private String name = UNNAMED;
    private @Nullable String lastId;
    private boolean hasData;
    private int comments;

    /** Takes a line in UTF-8 and returns the event that it completes, if any. */
    public @Nullable Event take(byte[] line) {
        return take(new String(line, StandardCharsets.UTF_8));
    }

    /** Takes a line and returns the event that it completes, if any. */
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
                // The field "retry": the caller decides when to reconnect. Other fields are not defined.
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

    /** The number of comments, which a hub sends to show that it is alive. */
    public int comments() {
        return comments;
    }
}
