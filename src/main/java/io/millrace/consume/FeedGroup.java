package io.millrace.consume;

import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import io.millrace.group.Assignment;
import io.millrace.group.JoinRequest;
import io.millrace.group.Membership;
import io.millrace.group.OffsetCommit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What a {@link MemberFeed} asks of its group: of {@link io.millrace.group.Groups}, or of a fake in tests. */
interface FeedGroup {

    /** As {@link io.millrace.group.Groups#join}. */
    Member join(JoinRequest request, Runnable changed);

    /** What the member owns, from the database; blocks. */
    Assignment assignment(String group, String memberId);

    /** As {@link io.millrace.group.Groups#notOwned}. */
    HubException notOwned(List<OffsetCommit> positions, List<Integer> indexes);

    /** As {@link io.millrace.group.Groups#refresh}. */
    void refresh();

    /** A {@link Membership}, which documents the methods, or a fake in tests. */
    interface Member {

        Assignment assignment();

        Membership.State state();

        boolean mayDeliver();

        CompletableFuture<Void> commit(List<OffsetCommit> positions);

        CompletableFuture<Void> release(Set<TopicPartition> partitions);

        void leave();

        void close();
    }
}
