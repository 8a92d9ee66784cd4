package io.millrace.consume;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.Subscription;
import io.millrace.group.Assignment;
import io.millrace.group.Groups;
import io.millrace.group.Membership;
import io.millrace.group.OffsetCommit;
import io.millrace.group.Owned;
import io.millrace.security.Caller;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A member's share of a group: a subscription that follows what the member owns, and the rules for letting go. A
 * partition that is revoked is not delivered from any longer; it is given up as soon as everything that was delivered
 * has been committed, or when the time for that is over.
 *
 * <p>A membership that is lost, as the node was out of touch or PostgreSQL away for too long, is begun anew. One thread
 * uses a feed; {@link #commit} may be called by another.
 */
public final class MemberFeed implements AutoCloseable {

    /** Only a bound; whatever happens ends the wait. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private static final Duration RETRY = Duration.ofMillis(500);

    /** Between a refused commit and the news of why. */
    private static final Duration REFUSED = Duration.ofMillis(50);

    private final Groups groups;
    private final OwnedPartitions owned;
    private final MemberAccess access;
    private final MemberShare share;
    private final Caller caller;
    private final JoinTerms terms;
    private final Subscription subscription;
    private volatile @Nullable Membership membership;
    private @Nullable Assignment synced;
    private boolean incomplete;

    MemberFeed(
            Groups groups,
            OwnedPartitions owned,
            MemberAccess access,
            MemberShare share,
            Caller caller,
            JoinTerms terms,
            Subscription subscription) {
        this.groups = groups;
        this.owned = owned;
        this.access = access;
        this.share = share;
        this.caller = caller;
        this.terms = terms;
        this.subscription = subscription;
    }

    /**
     * Becomes a member. Blocks.
     *
     * @throws HubException if the caller may not, and as {@link Groups#join}
     */
    public void join() {
        access.check(caller, terms.join().group(), terms.join().topics());
        membership = groups.join(terms.join(), subscription::wake);
        synced = null;
    }

    /**
     * Brings what is followed in line with what the member owns, and tells of it.
     *
     * @return false if another member of the same instance has taken the place: the end
     */
    public boolean sync(AssignmentListener told) throws InterruptedException {
        Membership member = membership;
        if (member == null) {
            return rejoin(told);
        }
        if (member.state() != Membership.State.ACTIVE) {
            dropAll(told, RevokedReason.FENCED);
            if (member.state() == Membership.State.REPLACED) {
                return false;
            }
            membership = null;
            return rejoin(told);
        }
        Assignment now = member.assignment();
        if (now != synced || incomplete) {
            follow(now, synced == null, told);
        }
        letGo(member, now);
        return true;
    }

    private void letGo(Membership member, Assignment now) {
        Set<TopicPartition> due = share.due(now, System.nanoTime());
        if (!due.isEmpty()) {
            member.release(due).whenComplete((_, failure) -> {
                if (failure != null) {
                    share.notReleased(due);
                }
            });
        }
    }

    private boolean rejoin(AssignmentListener told) throws InterruptedException {
        try {
            // Where the group stands is known by now: "from" concerns what it has never met.
            join();
        } catch (HubException failure) {
            if (!failure.error().retryable()) {
                throw failure;
            }
            return true;
        }
        return sync(told);
    }

    private void follow(Assignment now, boolean first, AssignmentListener told) throws InterruptedException {
        List<TopicPartition> revoked = share.cease(now, System.nanoTime());
        revoked.forEach(subscription::unfollow);
        if (!revoked.isEmpty()) {
            told.revoked(revoked, RevokedReason.REBALANCE);
        }
        Map<TopicPartition, Long> added = follow(now.partitions().stream()
                .filter(partition -> !partition.revoking() && !share.follows(partition.name()))
                .toList());
        if (!added.isEmpty() || first || (!revoked.isEmpty() && share.followed().isEmpty())) {
            told.assigned(now.memberId(), now.epoch(), added);
        }
        synced = now;
    }

    /** Follows what it can of these; the rest is {@link #incomplete}, for the next time. */
    private Map<TopicPartition, Long> follow(List<Owned> fresh) {
        Map<TopicPartition, Long> added = Map.of();
        try {
            added = owned.follow(caller, subscription, fresh, Owned::nextOffset);
        } catch (HubException failure) {
            if (!failure.error().passes()) {
                throw failure;
            }
        }
        for (Owned partition : fresh) {
            Long begin = added.get(partition.name());
            if (begin != null) {
                share.follow(partition, begin);
            }
        }
        incomplete = added.size() < fresh.size();
        return added;
    }

    private void dropAll(AssignmentListener told, RevokedReason reason) throws InterruptedException {
        List<TopicPartition> all = share.followed();
        all.forEach(subscription::unfollow);
        share.clear();
        if (!all.isEmpty()) {
            told.revoked(all, reason);
        }
    }

    /** How long a wait for records may last before {@link #sync} has to look again. */
    public Duration longestWait() {
        return !share.isLeaving() && !incomplete && membership != null ? LONGEST_WAIT : RETRY;
    }

    /**
     * Whether records may be sent: the partition is certainly still the member's and, where delivery is the commit,
     * that has been stored. What may not is the next owner's, or comes again.
     */
    public boolean mayDeliver(Delivery.Records records) throws InterruptedException {
        boolean may = mayDeliverNow(records);
        if (!may && subscription.follows(records.partition())) {
            subscription.seek(records.partition(), records.records().fromOffset());
        }
        return may;
    }

    private boolean mayDeliverNow(Delivery.Records records) throws InterruptedException {
        Membership member = membership;
        if (member == null || !share.follows(records.partition())) {
            return false;
        }
        if (!member.mayDeliver()) {
            // For good: the state of the membership will say so as soon as PostgreSQL can be reached.
            Thread.sleep(RETRY);
            return false;
        }
        long nextOffset = records.records().nextOffset();
        OffsetCommit position =
                new OffsetCommit(records.partition(), nextOffset, null).since(epoch(records.partition()));
        if (terms.autoCommit() && !commitFirst(member, position)) {
            Thread.sleep(REFUSED);
            return false;
        }
        share.delivered(records.partition(), nextOffset);
        return true;
    }

    /** While PostgreSQL is away, this waits with the records in hand. */
    private static boolean commitFirst(Membership member, OffsetCommit position) throws InterruptedException {
        while (member.mayDeliver()) {
            try {
                member.commit(List.of(position)).join();
                return true;
            } catch (CompletionException failure) {
                if (!(failure.getCause() instanceof HubException refusal) || fenced(refusal)) {
                    return false;
                }
            } catch (HubException refusal) {
                return false;
            }
            Thread.sleep(RETRY);
        }
        return false;
    }

    private static boolean fenced(HubException refusal) {
        return !refusal.error().retryable() || refusal.error() == HubError.STALE_MEMBER_EPOCH;
    }

    /** The epoch since which a partition is the member's. */
    public long epoch(TopicPartition partition) {
        return share.epoch(partition);
    }

    /** Notes that a partition goes on elsewhere: what lies before need not be committed. */
    public void moved(TopicPartition partition, long nextOffset) {
        share.delivered(partition, nextOffset);
    }

    /**
     * Tells of partitions that go on where the client wants them to. What it skips may be committed, as far as the
     * partition is known to reach.
     */
    public void sought(Map<TopicPartition, Long> nextOffsets, AssignmentListener told) throws InterruptedException {
        Assignment now = synced;
        if (now != null) {
            nextOffsets.forEach((partition, nextOffset) ->
                    share.delivered(partition, Math.min(nextOffset, subscription.knownEnd(partition))));
            told.assigned(now.memberId(), now.epoch(), nextOffsets);
        }
    }

    /** A topic was deleted; the assignment will follow. */
    public void removed(TopicPartition partition) {
        share.remove(partition);
    }

    /**
     * Commits what the client has processed. May block, to find out why it is refused.
     *
     * @throws HubException if the caller may not, and as {@link MemberShare#committable}, {@link Groups#notOwned} and
     *     {@link Membership#commit} do
     */
    public CompletableFuture<Void> commit(List<OffsetCommit> positions) {
        access.check(caller, terms.join().group(), OffsetCommit.topics(positions));
        Membership member = membership;
        if (member == null) {
            throw new HubException(HubError.MEMBER_FENCED, "the membership was lost and is being begun anew");
        }
        long epoch = member.assignment().epoch();
        return member.commit(share.committable(positions, epoch, groups::notOwned))
                .thenRun(() -> {
                    if (share.isLeaving()) {
                        groups.refresh();
                    }
                });
    }

    /** Whether nothing is left for the client to commit, on whatever node it may have done so. Blocks. */
    public boolean isCommitted() {
        Membership member = membership;
        if (member == null || member.state() != Membership.State.ACTIVE) {
            return true;
        }
        try {
            return groups.assignment(member.group(), member.memberId()).partitions().stream()
                    .allMatch(share::isCommitted);
        } catch (HubException failure) {
            return !failure.error().retryable();
        }
    }

    /** Why a stream ends whose membership another one has taken. */
    public static HubException replaced() {
        return new HubException(HubError.MEMBER_FENCED, "another member of this instance has joined the group");
    }

    /** Leaves for good. */
    public void leave() {
        Membership member = membership;
        if (member != null) {
            membership = null;
            member.leave();
        }
    }

    /** The connection has ended. */
    @Override
    public void close() {
        Membership member = membership;
        if (member != null) {
            membership = null;
            member.close();
        }
    }
}
