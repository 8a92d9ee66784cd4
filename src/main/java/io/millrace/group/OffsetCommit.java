package io.millrace.group;

import io.millrace.event.ClientName;
import io.millrace.event.TopicPartition;
import java.util.Collection;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far a member has come in a partition.
 *
 * @param nextOffset the next to read
 * @param metadata kept with it; null for none
 * @param epoch of the member when it owned the partition, such as the epoch that came with the records or the
 *     assignment: the group may have been reset since, and an offset from before that must not be stored. Empty if it
 *     does not matter since when the member owns the partition
 */
public record OffsetCommit(
        TopicPartition name, long nextOffset, @Nullable String metadata, OptionalLong epoch) {

    /** The most characters of metadata, as in Kafka ({@code offset.metadata.max.bytes}). */
    public static final int LONGEST_METADATA = 4096;

    public static final String METADATA_RULE =
            "metadata has at most " + LONGEST_METADATA + " characters, neither NUL nor half a surrogate pair";

    /** A position without an epoch: it does not matter since when the member owns the partition. */
    public OffsetCommit(TopicPartition name, long nextOffset, @Nullable String metadata) {
        this(name, nextOffset, metadata, OptionalLong.empty());
    }

    /** The topics of the positions, each once. */
    public static Set<String> topics(Collection<OffsetCommit> positions) {
        return positions.stream().map(position -> position.name().topic()).collect(Collectors.toSet());
    }

    /** The same position, with the epoch since which the member owns the partition. */
    public OffsetCommit since(long ownerEpoch) {
        return new OffsetCommit(name, nextOffset, metadata, OptionalLong.of(ownerEpoch));
    }

    /**
     * Whether it may be committed by the owner of the partition.
     *
     * @param ownedSince the epoch at which the partition became the owner's: an older one is from before that
     * @param memberEpoch the owner's newest: it cannot know a later one
     */
    public boolean isFor(long ownedSince, long memberEpoch) {
        return epoch.isEmpty() || (epoch.getAsLong() >= ownedSince && epoch.getAsLong() <= memberEpoch);
    }

    /** Whether a text can be kept with an offset: PostgreSQL's text has no NUL, UTF-8 no half of a surrogate pair. */
    public static boolean isMetadata(String text) {
        return text.codePointCount(0, text.length()) <= LONGEST_METADATA
                && text.indexOf('\0') < 0
                && ClientName.isWellFormed(text);
    }
}
