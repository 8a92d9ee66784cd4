package io.millrace.consume;

import io.millrace.event.TopicPartition;
import io.millrace.group.Owned;
import java.util.List;
import java.util.Map;

/** What a {@link MemberFeed} follows partitions with: a {@link io.millrace.fetch.Subscription}, or a fake in tests. */
interface FeedLog {

    /** Follows those that exist, from where the group stands, as {@link OwnedPartitions#follow}. */
    Map<TopicPartition, Long> follow(List<Owned> partitions);

    void unfollow(TopicPartition partition);

    /** Where a partition that is followed ends, as far as this node knows. */
    long knownEnd(TopicPartition partition);

    /** Something has changed: ends a wait for records. */
    void wake();
}
