package io.millrace.stream;

import io.millrace.event.StartPosition;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where to begin, as clients write it. */
final class StartPositions {

    static final String RULE = "from must be earliest, latest or a timestamp in milliseconds since the epoch";

    /** Fewer digits than would overflow: milliseconds far beyond any calendar. */
    private static final Pattern TIMESTAMP = Pattern.compile("[0-9]{1,18}");

    private StartPositions() {}

    /** The position, or null if it is none. */
    static @Nullable StartPosition parse(String text) {
        return switch (text) {
            case "earliest" -> new StartPosition.Earliest();
            case "latest" -> new StartPosition.Latest();
            default -> TIMESTAMP.matcher(text).matches() ? new StartPosition.AtTimestamp(Long.parseLong(text)) : null;
        };
    }
}
