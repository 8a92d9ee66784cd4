package io.millrace.consume;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.Delivery;
import io.millrace.group.Assignment;
import io.millrace.group.Groups;
import io.millrace.group.Membership;
import io.millrace.group.OffsetCommit;
import io.millrace.group.Owned;
import io.millrace.security.Caller;
import io.millrace.security.StreamRights;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member's share of a group: a subscription that follows what the member owns, and the rules for giving partitions
 * up. A revoked partition is no longer delivered from; it is released as soon as everything that was delivered has been
 * committed, or when the time for that is over.
 *
 * <p>When its membership is lost, because the node could not reach PostgreSQL for too long, a feed joins anew. One
 * thread uses a feed; {@link #commit} may be called by another.
 */
public final class MemberFeed implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(MemberFeed.class);

    /** Only a bound: any change ends the wait. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    static final Duration RETRY = Duration.ofMillis(500);

    private final FeedGroup groups;
    private final MemberAccess access;
    private final MemberShare share;
    private final Caller caller;
    private final StreamRights rights;
    private final JoinTerms terms;
    private final FeedLog followed;
    private final AutomaticCommit automatic;
    private volatile FeedGroup.@Nullable Member membership;
    private @Nullable Assignment synced;
    private boolean incomplete;

    MemberFeed(
            FeedGroup groups,
            MemberAccess access,
            MemberShare share,
            Caller caller,
            JoinTerms terms,
            FeedLog followed,
            Ticker ticker) {
        this.groups = groups;
        this.access = access;
        this.share = share;
        this.caller = caller;
        this.rights = access.rights(caller, terms.join().group(), terms.join().topics());
        this.terms = terms;
        this.followed = followed;
        this.automatic = new AutomaticCommit(RETRY, ticker);
    }

    /**
     * Becomes a member. Blocks.
     *
     * @throws HubException if the caller may not, and as {@link Groups#join}
     */
    public void join() {
        access.check(caller, terms.join().group(), terms.join().topics());
        if (terms.autoCommit()) {
            access.checkCommit(caller, terms.join().group(), List.of());
        }
        membership = groups.join(terms.join(), followed::wake);
        synced = null;
    }

    /**
     * Brings what is followed in line with what the member owns, and tells the client.
     *
     * @return false if another member of the same instance has replaced this one: the feed ends
     */
    public boolean sync(AssignmentListener told) throws InterruptedException {
        rights.check();
        FeedGroup.Member member = membership;
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
        resume(member, now, told);
        releaseDue(member, now);
        return true;
    }

    /**
     * Follows stopped partitions again, from where the group stands, if the member still owns them under the same
     * epoch.
     */
    private void resume(FeedGroup.Member member, Assignment now, AssignmentListener told) throws InterruptedException {
        if (!share.mayResume()) {
            return;
        }
        Assignment newest;
        try {
            // What this node knows may be out of date, and does not include commits.
            newest = groups.assignment(terms.join().group(), member.assignment().memberId());
        } catch (HubException failure) {
            // PostgreSQL is away: there will be another look. Or the member is fenced: its membership will say so.
            log.debug("stopped partitions are not followed again yet", failure);
            return;
        }
        Map<TopicPartition, Long> added = follow(share.resumable(newest));
        if (!added.isEmpty()) {
            told.assigned(now.memberId(), now.epoch(), added);
        }
    }

    private void releaseDue(FeedGroup.Member member, Assignment now) {
        Set<TopicPartition> due = share.due(now);
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
            // The group has its offsets by now: "from" concerns only partitions that are new to it, or have expired.
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
        List<TopicPartition> revoked = share.cease(now);
        revoked.forEach(followed::unfollow);
        if (!revoked.isEmpty()) {
            told.revoked(revoked, RevokedReason.REBALANCE);
        }
        List<Owned> wanted = now.partitions().stream().filter(share::wants).toList();
        Map<TopicPartition, Long> added = follow(wanted);
        incomplete = added.size() < wanted.size();
        if (!added.isEmpty() || first || (!revoked.isEmpty() && share.held().isEmpty())) {
            told.assigned(now.memberId(), now.epoch(), added);
        }
        synced = now;
    }

    /** Follows those that it can; the others are tried again in the next round. */
    private Map<TopicPartition, Long> follow(List<Owned> fresh) {
        Map<TopicPartition, Long> added = Map.of();
        try {
            added = followed.follow(fresh);
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
        return added;
    }

    private void dropAll(AssignmentListener told, RevokedReason reason) throws InterruptedException {
        List<TopicPartition> all = share.held();
        all.forEach(followed::unfollow);
        share.clear();
        if (!all.isEmpty()) {
            told.revoked(all, reason);
        }
    }

    /** Whether {@link #sync} might refuse, since rules have changed. Any thread; does not block. */
    public boolean mayHaveLostRights() {
        return rights.mayHaveChanged();
    }

    /** How long a wait for records may last before {@link #sync} has to look again. */
    public Duration longestWait() {
        return share.isSettled() && !incomplete && membership != null ? LONGEST_WAIT : RETRY;
    }

    /** Whether a partition is certainly still the member's; asked before records of it are taken. Does not block. */
    boolean mayTake(TopicPartition partition) {
        FeedGroup.Member member = membership;
        return member != null && member.mayDeliver() && share.follows(partition);
    }

    /**
     * Whether records that were taken may be sent: the partition must still be the member's, as taking them may have
     * taken a while, and with automatic commits their commit must be stored. If not, their partition is stopped, and
     * they are dropped: if they are not committed, the next owner gets them, or they come when the partition is
     * followed again. Blocks.
     */
    public boolean mayDeliver(Delivery.Records records) throws InterruptedException {
        rights.check();
        TopicPartition partition = records.partition();
        long nextOffset = records.records().nextOffset();
        if (mayTake(partition) && (!terms.autoCommit() || commitFirst(partition, nextOffset))) {
            share.delivered(partition, nextOffset);
            return true;
        }
        followed.unfollow(partition);
        share.stop(partition);
        return false;
    }

    private boolean commitFirst(TopicPartition partition, long nextOffset) throws InterruptedException {
        FeedGroup.Member member = membership;
        OffsetCommit position = new OffsetCommit(partition, nextOffset, null).since(epoch(partition));
        return member != null && automatic.store(() -> member.commit(List.of(position)), member::mayDeliver);
    }

    /** The epoch since which a partition is the member's. */
    public long epoch(TopicPartition partition) {
        return share.epoch(partition);
    }

    /**
     * Notes that a partition goes on elsewhere: what lies before may be committed. Where the position has to be stored
     * before the client is told, this does so, and blocks.
     */
    public void moved(Delivery.Reset reset) throws InterruptedException {
        share.delivered(reset.partition(), reset.nextOffset());
        if (OwnedPartitions.isToBeStored(reset, terms.join().from())) {
            commitFirst(reset.partition(), reset.nextOffset());
        }
    }

    /**
     * Tells the client of partitions that go on where it wants. What it skips may be committed, as far as the partition
     * is known to reach.
     */
    public void sought(Map<TopicPartition, Long> nextOffsets, AssignmentListener told) throws InterruptedException {
        Assignment now = synced;
        if (now != null) {
            nextOffsets.forEach((partition, nextOffset) ->
                    share.delivered(partition, Math.min(nextOffset, followed.knownEnd(partition))));
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
        access.checkCommit(caller, terms.join().group(), OffsetCommit.topics(positions));
        FeedGroup.Member member = membership;
        if (member == null) {
            throw new HubException(HubError.MEMBER_FENCED, "the membership was lost, and the feed is joining anew");
        }
        long epoch = member.assignment().epoch();
        return member.commit(share.committable(positions, epoch, groups::notOwned))
                .thenRun(() -> {
                    if (share.isLeaving()) {
                        groups.refresh();
                    }
                });
    }

    /** Whether the client has committed all that was delivered, by whichever node. Blocks. */
    public boolean isCommitted() {
        FeedGroup.Member member = membership;
        if (member == null || member.state() != Membership.State.ACTIVE) {
            return true;
        }
        try {
            return groups.assignment(terms.join().group(), member.assignment().memberId()).partitions().stream()
                    .allMatch(share::isCommitted);
        } catch (HubException failure) {
            return !failure.error().retryable();
        }
    }

    /** The error that ends a stream whose member was replaced. */
    public static HubException replaced() {
        return new HubException(HubError.MEMBER_FENCED, "another member of this instance has joined the group");
    }

    /** Leaves for good. */
    public void leave() {
        FeedGroup.Member member = membership;
        if (member != null) {
            membership = null;
            member.leave();
        }
    }

    /** The connection has ended. */
    @Override
    public void close() {
        FeedGroup.Member member = membership;
        if (member != null) {
            membership = null;
            member.close();
        }
    }
}
