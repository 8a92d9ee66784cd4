package io.millrace.consume;

import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.Subscription;
import io.millrace.group.Assignment;
import io.millrace.group.GroupProperties;
import io.millrace.group.Groups;
import io.millrace.group.JoinRequest;
import io.millrace.group.Membership;
import io.millrace.group.OffsetCommit;
import io.millrace.group.Owned;
import io.millrace.security.Caller;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Component;

/** Makes the feeds of members that have a connection. Safe for any thread. */
@Component
public class MemberFeeds {

    private final Groups groups;
    private final OwnedPartitions owned;
    private final MemberAccess access;
    private final Duration revokeTimeout;
    private final Ticker ticker;

    MemberFeeds(Groups groups, OwnedPartitions owned, MemberAccess access, GroupProperties properties, Ticker ticker) {
        this.groups = groups;
        this.owned = owned;
        this.access = access;
        this.revokeTimeout = properties.revokeTimeout();
        this.ticker = ticker;
    }

    /**
     * A feed that has not joined yet.
     *
     * @param subscription follows what the member owns; remains the caller's
     */
    public MemberFeed feed(Caller caller, JoinTerms terms, Subscription subscription) {
        MemberShare share = new MemberShare(revokeTimeout, MemberFeed.RETRY, ticker);
        MemberFeed feed = new MemberFeed(
                new OfGroups(groups),
                access,
                share,
                caller,
                terms,
                new OfSubscription(owned, caller, subscription, terms.join().from()),
                ticker);
        subscription.admit(feed::mayTake);
        return feed;
    }

    private record OfGroups(Groups groups) implements FeedGroup {

        @Override
        public Member join(JoinRequest request, Runnable changed) {
            return new OfMembership(groups.join(request, changed));
        }

        @Override
        public Assignment assignment(String group, String memberId) {
            return groups.assignment(group, memberId);
        }

        @Override
        public HubException notOwned(List<OffsetCommit> positions, List<Integer> indexes) {
            return groups.notOwned(positions, indexes);
        }

        @Override
        public void refresh() {
            groups.refresh();
        }
    }

    private record OfMembership(Membership membership) implements FeedGroup.Member {

        @Override
        public Assignment assignment() {
            return membership.assignment();
        }

        @Override
        public Membership.State state() {
            return membership.state();
        }

        @Override
        public boolean mayDeliver() {
            return membership.mayDeliver();
        }

        @Override
        public CompletableFuture<Void> commit(List<OffsetCommit> positions) {
            return membership.commit(positions);
        }

        @Override
        public CompletableFuture<Void> release(Set<TopicPartition> partitions) {
            return membership.release(partitions);
        }

        @Override
        public void leave() {
            membership.leave();
        }

        @Override
        public void close() {
            membership.close();
        }
    }

    private record OfSubscription(
            OwnedPartitions owned, Caller caller, Subscription subscription, StartPosition expired) implements FeedLog {

        @Override
        public Map<TopicPartition, Long> follow(List<Owned> partitions) {
            return owned.follow(caller, subscription, partitions, Owned::nextOffset, expired);
        }

        @Override
        public void unfollow(TopicPartition partition) {
            subscription.unfollow(partition);
        }

        @Override
        public long knownEnd(TopicPartition partition) {
            return subscription.knownEnd(partition);
        }

        @Override
        public void wake() {
            subscription.wake();
        }
    }
}
