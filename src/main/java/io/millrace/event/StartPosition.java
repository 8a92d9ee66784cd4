package io.millrace.event;

import java.util.Optional;

/** Where a reader wants to begin. */
public sealed interface StartPosition {

    /** The last millisecond of the year 9999: the latest timestamp of records and of positions. */
    long MAX_TIMESTAMP = 253_402_300_799_999L;

    /** What {@link #parse} accepts, for people. */
    String RULE = "earliest, latest or a timestamp in milliseconds since 1970";

    /** At the oldest record that is kept. */
    record Earliest() implements StartPosition {}

    /** After the newest record: only records that come from now on. */
    record Latest() implements StartPosition {}

    /** At the first record whose timestamp is at least this one; milliseconds since the epoch. */
    record AtTimestamp(long timestamp) implements StartPosition {}

    /** At exactly this offset. */
    record AtOffset(long nextOffset) implements StartPosition {}

    /** A position as clients write it; empty if the text is not a position. */
    static Optional<StartPosition> parse(String text) {
        return switch (text) {
            case "earliest" -> Optional.of(new Earliest());
            case "latest" -> Optional.of(new Latest());
            default -> timestamp(text);
        };
    }

    /** The position as clients write it: {@link #parse} reads it. */
    default String text() {
        return switch (this) {
            case Earliest _ -> "earliest";
            case Latest _ -> "latest";
            case AtTimestamp at -> Long.toString(at.timestamp());
            case AtOffset _ -> throw new IllegalArgumentException("clients do not write an offset as a position");
        };
    }

    /** Refuses more than 18 digits, which may not fit into 64 bits. */
    private static Optional<StartPosition> timestamp(String text) {
        boolean number =
                !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        return number && Long.parseLong(text) <= MAX_TIMESTAMP
                ? Optional.of(new AtTimestamp(Long.parseLong(text)))
                : Optional.empty();
    }
}
