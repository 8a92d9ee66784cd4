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
 * @param epoch of the member when the partition was its own, such as the one that the records carried which it has
 *     processed, or the assignment: the group may have been reset meanwhile, and what was delivered before says nothing
 *     about what is owned now. Empty for whenever it became the member's
 */
public record OffsetCommit(
        TopicPartition name, long nextOffset, @Nullable String metadata, OptionalLong epoch) {

    /** The most characters of metadata, as in Kafka ({@code offset.metadata.max.bytes}). */
    public static final int LONGEST_METADATA = 4096;

    public static final String METADATA_RULE =
            "metadata has at most " + LONGEST_METADATA + " characters, neither NUL nor half a surrogate pair";

    /** A position in a partition, whenever that became the member's. */
    public OffsetCommit(TopicPartition name, long nextOffset, @Nullable String metadata) {
        this(name, nextOffset, metadata, OptionalLong.empty());
    }

    /** The topics of which positions are, each once. */
    public static Set<String> topics(Collection<OffsetCommit> positions) {
        return positions.stream().map(position -> position.name().topic()).collect(Collectors.toSet());
    }

    /** The same position, if the partition is the member's since that epoch. */
    public OffsetCommit since(long ownerEpoch) {
        return new OffsetCommit(name, nextOffset, metadata, OptionalLong.of(ownerEpoch));
    }

    /**
     * Whether it may be committed by the owner of the partition.
     *
     * @param ownedSince the epoch at which the partition became the owner's: what is older is from before that
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
