package io.millrace.consume;

import io.millrace.event.RequestFields;
import io.millrace.event.StartPosition;
import java.util.Optional;

/** Where a reader without a group wants to begin. */
public final class StartPositions {

    /** The most topics, or partitions of one, that a reader may name. */
    public static final int MOST_NAMED = 1000;

    private StartPositions() {}

    /** The field {@code from}; the end if it is not given. */
    public static StartPosition from(RequestFields fields) {
        Optional<String> from = fields.textOrNumber("from");
        if (from.isEmpty()) {
            return new StartPosition.Latest();
        }
        return StartPosition.parse(from.get())
                .orElseThrow(() -> fields.refusal("from", "invalid_position", "from is " + StartPosition.RULE));
    }
}
