package io.millrace.group;

import io.millrace.event.TopicPartition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a group stands in a partition.
 *
 * @param partitionId in the log
 * @param nextOffset the next to read
 * @param metadata what the member added to its commit
 * @param committedAt null if nothing was committed: the group begins at {@code nextOffset}
 * @param owner the member that the partition is assigned to; null for none
 * @param ownerEpoch when the partition became the owner's
 * @param revokeEpoch when the owner was asked to give it up; null if it was not
 */
public record GroupOffset(
        int partitionId,
        TopicPartition name,
        long nextOffset,
        @Nullable String metadata,
        @Nullable Instant committedAt,
        @Nullable String owner,
        long ownerEpoch,
        @Nullable Long revokeEpoch) {

    GroupOffset ownedBy(@Nullable String member, long epoch) {
        return new GroupOffset(partitionId, name, nextOffset, metadata, committedAt, member, epoch, null);
    }

    GroupOffset revoked(long epoch) {
        return new GroupOffset(partitionId, name, nextOffset, metadata, committedAt, owner, ownerEpoch, epoch);
    }

    GroupOffset at(long offset) {
        return new GroupOffset(partitionId, name, offset, null, committedAt, owner, ownerEpoch, revokeEpoch);
    }
}
