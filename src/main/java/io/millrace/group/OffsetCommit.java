package io.millrace.group;

import io.millrace.event.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far a member has come in a partition.
 *
 * @param nextOffset the next to read
 * @param metadata kept with it; null for none
 */
public record OffsetCommit(
        TopicPartition name, long nextOffset, @Nullable String metadata) {

    /** The most characters of metadata, as in Kafka ({@code offset.metadata.max.bytes}). */
    public static final int LONGEST_METADATA = 4096;

    public static final String METADATA_RULE =
            "metadata has at most " + LONGEST_METADATA + " characters, neither NUL nor half a surrogate pair";

    /** Whether a text can be kept with an offset: PostgreSQL's text has no NUL, UTF-8 no half of a surrogate pair. */
    public static boolean isMetadata(String text) {
        return text.length() <= LONGEST_METADATA
                && text.codePoints().noneMatch(point -> point == 0 || isSurrogate(point));
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
