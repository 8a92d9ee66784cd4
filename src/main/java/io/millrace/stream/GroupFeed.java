package io.millrace.stream;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.event.Violation;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.PartitionStart;
import io.millrace.fetch.Subscription;
import io.millrace.group.Assignment;
import io.millrace.group.Membership;
import io.millrace.group.OffsetCommit;
import io.millrace.group.Owned;
import io.millrace.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A member's share of a group: a subscription that follows what the member owns, and the rules for letting go. A
 * partition that is revoked is not delivered from any longer; it is given up as soon as everything that was delivered
 * has been committed, or when the time for that is over.
 *
 * <p>A membership that is lost, as the node was out of touch or PostgreSQL away for too long, is begun anew. One thread
 * uses a feed; {@link #commit} may be called by another.
 */
final class GroupFeed implements AutoCloseable {

    /** What the client is to be told, in this order. */
    interface Told {

        void revoked(List<TopicPartition> partitions, ServerFrame.RevokedReason reason) throws InterruptedException;

        /** @param nextOffsets what was added; empty to say that the member owns nothing */
        void assigned(String memberId, long epoch, Map<TopicPartition, Long> nextOffsets) throws InterruptedException;
    }

    /** Only a bound; whatever happens ends the wait. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private static final Duration RETRY = Duration.ofMillis(500);

    /** Between a refused commit and the news of why. */
    private static final Duration REFUSED = Duration.ofMillis(50);

    private static final class Followed {
        private final long epoch;
        private volatile long delivered;

        Followed(long epoch, long delivered) {
            this.epoch = epoch;
            this.delivered = delivered;
        }
    }

    /** A partition on its way to somebody else. */
    private static final class Leaving {
        private final Followed last;
        private final long deadline;
        private volatile boolean releasing;

        Leaving(Followed last, long deadline) {
            this.last = last;
            this.deadline = deadline;
        }
    }

    private final WsServices services;
    private final GroupSubscription request;
    private final Subscription subscription;
    private final Map<TopicPartition, Followed> followed = new java.util.concurrent.ConcurrentHashMap<>();
    private final Map<TopicPartition, Leaving> leaving = new java.util.concurrent.ConcurrentHashMap<>();
    private volatile @Nullable Membership membership;
    private @Nullable Assignment synced;
    private boolean incomplete;

    GroupFeed(WsServices services, GroupSubscription request, Subscription subscription) {
        this.services = services;
        this.request = request;
        this.subscription = subscription;
    }

    /** Becomes a member. Blocks; fails as {@link io.millrace.group.Groups#join} does. */
    void join() {
        membership = services.groups().join(request.join(), subscription::wake);
        synced = null;
    }

    /**
     * Brings what is followed in line with what the member owns, and tells of it.
     *
     * @return false if another member of the same instance has taken the place: the end
     */
    boolean sync(Told told) throws InterruptedException {
        Membership member = membership;
        if (member == null) {
            return rejoin(told);
        }
        if (member.state() != Membership.State.ACTIVE) {
            dropAll(told, ServerFrame.RevokedReason.FENCED);
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

    private boolean rejoin(Told told) throws InterruptedException {
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

    private void follow(Assignment now, boolean first, Told told) throws InterruptedException {
        Map<TopicPartition, Owned> owned = new LinkedHashMap<>();
        now.partitions().forEach(partition -> owned.put(partition.name(), partition));
        List<TopicPartition> revoked = new ArrayList<>();
        for (Map.Entry<TopicPartition, Followed> entry : Map.copyOf(followed).entrySet()) {
            Owned mine = owned.get(entry.getKey());
            boolean still = mine != null && mine.epoch() == entry.getValue().epoch;
            if (!still || (mine != null && mine.revoking())) {
                subscription.unfollow(entry.getKey());
                followed.remove(entry.getKey());
                revoked.add(entry.getKey());
                if (still) {
                    leaving.put(entry.getKey(), leaving(entry.getValue()));
                }
            }
        }
        if (!revoked.isEmpty()) {
            revoked.sort(null);
            told.revoked(revoked, ServerFrame.RevokedReason.REBALANCE);
        }
        Map<TopicPartition, Long> added = new LinkedHashMap<>();
        incomplete = false;
        for (Owned partition : owned.values()) {
            if (partition.revoking()) {
                // Never followed: nothing was delivered that would have to be committed.
                leaving.putIfAbsent(partition.name(), leaving(new Followed(partition.epoch(), partition.nextOffset())));
            } else if (!followed.containsKey(partition.name())) {
                add(partition, added);
            }
        }
        if (!added.isEmpty() || first || (followed.isEmpty() && !revoked.isEmpty())) {
            told.assigned(now.memberId(), now.epoch(), added);
        }
        synced = now;
    }

    private Leaving leaving(Followed last) {
        return new Leaving(
                last,
                System.nanoTime() + services.groupProperties().revokeTimeout().toNanos());
    }

    private void add(Owned partition, Map<TopicPartition, Long> added) {
        try {
            Topic topic = services.catalogue().require(partition.name().topic());
            if (partition.name().partition() >= topic.partitionCount()
                    || topic.partitionId(partition.name().partition()) != partition.partitionId()) {
                // Remembered from before the topic grew, or was created anew.
                services.catalogue().invalidate(topic.name());
                incomplete = true;
                return;
            }
            StartPosition from = new StartPosition.AtOffset(partition.nextOffset());
            PartitionStart start = new PartitionStart(topic, partition.name().partition(), from);
            services.subscriptions().follow(subscription, List.of(start)).forEach((name, begin) -> {
                followed.put(name, new Followed(partition.epoch(), begin));
                added.put(name, begin);
            });
        } catch (HubException failure) {
            if (failure.error() != HubError.UNKNOWN_TOPIC && failure.error() != HubError.STORAGE_UNAVAILABLE) {
                throw failure;
            }
            incomplete = true;
        }
    }

    private void letGo(Membership member, Assignment now) {
        long time = System.nanoTime();
        leaving.forEach((name, last) -> {
            Owned mine = now.find(name).orElse(null);
            if (mine == null || mine.epoch() != last.last.epoch) {
                leaving.remove(name);
            } else if (!last.releasing && (mine.nextOffset() >= last.last.delivered || time - last.deadline >= 0)) {
                last.releasing = true;
                member.release(Set.of(name)).whenComplete((_, failure) -> {
                    if (failure != null) {
                        last.releasing = false;
                    }
                });
            }
        });
    }

    private void dropAll(Told told, ServerFrame.RevokedReason reason) throws InterruptedException {
        List<TopicPartition> all = followed.keySet().stream().sorted().collect(Collectors.toList());
        all.forEach(subscription::unfollow);
        followed.clear();
        leaving.clear();
        if (!all.isEmpty()) {
            told.revoked(all, reason);
        }
    }

    /** How long a wait for records may last before {@link #sync} has to look again. */
    Duration longestWait() {
        return leaving.isEmpty() && !incomplete && membership != null ? LONGEST_WAIT : RETRY;
    }

    /**
     * Whether records may be sent: the partition is certainly still the member's and, where delivery is the commit,
     * that has been stored. What may not is the next owner's, or comes again.
     */
    boolean mayDeliver(Delivery.Records records) throws InterruptedException {
        boolean may = mayDeliverNow(records);
        if (!may && subscription.follows(records.partition())) {
            subscription.seek(records.partition(), records.records().fromOffset());
        }
        return may;
    }

    private boolean mayDeliverNow(Delivery.Records records) throws InterruptedException {
        Membership member = membership;
        Followed mine = followed.get(records.partition());
        if (member == null || mine == null) {
            return false;
        }
        if (!member.mayDeliver()) {
            // For good: the state of the membership will say so as soon as PostgreSQL can be reached.
            Thread.sleep(RETRY);
            return false;
        }
        long nextOffset = records.records().nextOffset();
        OffsetCommit position = new OffsetCommit(records.partition(), nextOffset, null).since(mine.epoch);
        if (request.autoCommit() && !commitFirst(member, position)) {
            Thread.sleep(REFUSED);
            return false;
        }
        mine.delivered = Math.max(mine.delivered, nextOffset);
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

    /** The epoch at which a partition became the member's. */
    long epoch(TopicPartition partition) {
        Followed mine = followed.get(partition);
        return mine == null ? 0 : mine.epoch;
    }

    /** Notes that a partition goes on elsewhere: what lies before need not be committed. */
    void moved(TopicPartition partition, long nextOffset) {
        Followed mine = followed.get(partition);
        if (mine != null) {
            mine.delivered = Math.max(mine.delivered, nextOffset);
        }
    }

    /** A topic was deleted; the assignment will follow. */
    void removed(TopicPartition partition) {
        followed.remove(partition);
    }

    /**
     * Commits what the client has processed.
     *
     * @throws HubException {@link HubError#OFFSET_BEYOND_END} for what has not been delivered, and as
     *     {@link Membership#commit}
     */
    CompletableFuture<Void> commit(List<OffsetCommit> positions) {
        Membership member = membership;
        if (member == null) {
            throw new HubException(HubError.MEMBER_FENCED, "the membership was lost and is being begun anew");
        }
        Map<TopicPartition, Followed> known = new HashMap<>(followed);
        leaving.forEach((name, last) -> known.put(name, last.last));
        List<OffsetCommit> delivered = new ArrayList<>();
        for (int i = 0; i < positions.size(); i++) {
            OffsetCommit position = positions.get(i);
            Followed mine = known.get(position.name());
            if (mine == null || !position.isFor(mine.epoch)) {
                throw position.notOwned(i);
            }
            if (position.nextOffset() > mine.delivered) {
                String detail = "partition " + position.name() + " has been delivered up to offset " + mine.delivered;
                throw new HubException(
                        HubError.OFFSET_BEYOND_END,
                        detail,
                        new Violation("#/offsets/" + i + "/next_offset", "offset_beyond_end", detail));
            }
            delivered.add(position.since(mine.epoch));
        }
        return member.commit(delivered).thenRun(() -> {
            if (!leaving.isEmpty()) {
                services.groups().refresh();
            }
        });
    }

    /** Whether nothing is left for the client to commit, on whatever node it may have done so. Blocks. */
    boolean isCommitted() {
        Membership member = membership;
        if (member == null || member.state() != Membership.State.ACTIVE) {
            return true;
        }
        try {
            return services.groups().assignment(member.group(), member.memberId()).partitions().stream()
                    .allMatch(this::isCommitted);
        } catch (HubException failure) {
            return !failure.error().retryable();
        }
    }

    private boolean isCommitted(Owned owned) {
        Leaving last = leaving.get(owned.name());
        Followed mine = last == null ? followed.get(owned.name()) : last.last;
        return mine == null || mine.epoch != owned.epoch() || owned.nextOffset() >= mine.delivered;
    }

    /** Why a stream ends whose membership another one has taken. */
    static HubException replaced() {
        return new HubException(HubError.MEMBER_FENCED, "another member of this instance has joined the group");
    }

    /** Leaves for good. */
    void leave() {
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
