package io.millrace.group;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import io.millrace.event.Violation;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How far a member has come in a partition.
 *
 * @param nextOffset the next to read
 * @param metadata kept with it; null for none
 * @param epoch since when the partition is the member's, as the records carried that it has processed: the group may
 *     have been reset meanwhile, and what was delivered before says nothing about what is owned now. Empty for whenever
 *     it became the member's
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

    /** The same position, if the partition is the member's since that epoch. */
    public OffsetCommit since(long ownerEpoch) {
        return new OffsetCommit(name, nextOffset, metadata, OptionalLong.of(ownerEpoch));
    }

    /** Whether it may be committed by whoever owns the partition since that epoch. */
    public boolean isFor(long ownerEpoch) {
        return epoch.isEmpty() || epoch.getAsLong() == ownerEpoch;
    }

    /**
     * What a member is told that does not own the partition, or not since this epoch.
     *
     * @param index of this position in its request
     */
    public HubException notOwned(int index) {
        String since = epoch.isEmpty() ? "" : " since epoch " + epoch.getAsLong();
        return notOwned(List.of(new Violation(
                "#/offsets/" + index, "not_owned", "partition " + name + " is not the member's" + since)));
    }

    static HubException notOwned(List<Violation> violations) {
        return new HubException(
                HubError.STALE_MEMBER_EPOCH,
                "some partitions are not the member's; nothing was committed for them",
                violations,
                Map.of());
    }

    /** Whether a text can be kept with an offset: PostgreSQL's text has no NUL, UTF-8 no half of a surrogate pair. */
    public static boolean isMetadata(String text) {
        return text.length() <= LONGEST_METADATA
                && text.codePoints().noneMatch(point -> point == 0 || isSurrogate(point));
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
