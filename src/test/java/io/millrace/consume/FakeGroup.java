package io.millrace.consume;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.group.Assignment;
import io.millrace.group.JoinRequest;
import io.millrace.group.Membership;
import io.millrace.group.OffsetCommit;
import io.millrace.group.Owned;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A group with one member and its offsets, and the partitions that a feed follows for it. Used by one thread. */
final class FakeGroup implements FeedGroup, FeedLog {

    static final long END = 1000;

    private final Map<TopicPartition, Owned> owned = new TreeMap<>();
    private final Map<TopicPartition, Long> followed = new HashMap<>();
    private final List<TopicPartition> released = new ArrayList<>();
    private long epoch;
    private int joins;
    private @Nullable OneMember member;
    private @Nullable HubError commitsFailWith;
    private @Nullable HubError joinsFailWith;
    private boolean releasesFail;
    private boolean leaseValid = true;

    /** The member gets a partition, at the group's offset or else at the start. */
    void give(TopicPartition partition) {
        epoch++;
        Owned before = owned.get(partition);
        owned.put(partition, owned(partition, epoch, before == null ? 0 : before.nextOffset(), false));
        tell();
    }

    /** The member is asked to give up a partition. */
    void revoke(TopicPartition partition) {
        Owned mine = owned.get(partition);
        epoch++;
        owned.put(partition, owned(partition, mine.epoch(), mine.nextOffset(), true));
        tell();
    }

    /** Another node stores a commit of the member's: this one learns of it when it looks. */
    void committedElsewhere(TopicPartition partition, long nextOffset) {
        Owned mine = owned.get(partition);
        owned.put(partition, owned(partition, mine.epoch(), nextOffset, mine.revoking()));
    }

    void commitsFailWith(@Nullable HubError error) {
        commitsFailWith = error;
    }

    void joinsFailWith(@Nullable HubError error) {
        joinsFailWith = error;
    }

    void releasesFail(boolean fail) {
        releasesFail = fail;
    }

    void leaseValid(boolean valid) {
        leaseValid = valid;
    }

    void end(Membership.State reason) {
        member.state = reason;
    }

    int joins() {
        return joins;
    }

    /** The partitions that are followed, and from where. */
    Map<TopicPartition, Long> followed() {
        return new TreeMap<>(followed);
    }

    /** The partitions that the member has released, in that order. */
    List<TopicPartition> released() {
        return released;
    }

    long committed(TopicPartition partition) {
        return owned.get(partition).nextOffset();
    }

    private static Owned owned(TopicPartition partition, long since, long nextOffset, boolean revoking) {
        return new Owned(partition, partition.partition() + 1, since, nextOffset, revoking);
    }

    private Assignment now() {
        return new Assignment(7, "m" + joins, epoch, new StartPosition.Earliest(), List.copyOf(owned.values()));
    }

    private void tell() {
        if (member != null) {
            member.assignment = now();
        }
    }

    @Override
    public Member join(JoinRequest request, Runnable changed) {
        if (joinsFailWith != null) {
            throw new HubException(joinsFailWith, "planted");
        }
        joins++;
        epoch++;
        owned.replaceAll((name, mine) -> owned(name, epoch, mine.nextOffset(), false));
        member = new OneMember(now());
        return member;
    }

    @Override
    public Assignment assignment(String group, String memberId) {
        return now();
    }

    @Override
    public HubException notOwned(List<OffsetCommit> positions, List<Integer> indexes) {
        return new HubException(
                HubError.STALE_MEMBER_EPOCH,
                "not owned: " + positions.get(indexes.getFirst()).name());
    }

    @Override
    public void refresh() {
        tell();
    }

    @Override
    public Map<TopicPartition, Long> follow(List<Owned> partitions) {
        Map<TopicPartition, Long> begun = new LinkedHashMap<>();
        for (Owned partition : partitions) {
            begun.put(partition.name(), partition.nextOffset());
        }
        followed.putAll(begun);
        return begun;
    }

    @Override
    public void unfollow(TopicPartition partition) {
        followed.remove(partition);
    }

    @Override
    public long knownEnd(TopicPartition partition) {
        return END;
    }

    @Override
    public void wake() {}

    private final class OneMember implements Member {

        private Assignment assignment;
        private Membership.State state = Membership.State.ACTIVE;

        OneMember(Assignment assignment) {
            this.assignment = assignment;
        }

        @Override
        public Assignment assignment() {
            return assignment;
        }

        @Override
        public Membership.State state() {
            return state;
        }

        @Override
        public boolean mayDeliver() {
            return state == Membership.State.ACTIVE && leaseValid;
        }

        @Override
        public CompletableFuture<Void> commit(List<OffsetCommit> positions) {
            if (commitsFailWith != null) {
                return CompletableFuture.failedFuture(new HubException(commitsFailWith, "planted"));
            }
            for (OffsetCommit position : positions) {
                committedElsewhere(position.name(), position.nextOffset());
            }
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> release(Set<TopicPartition> partitions) {
            if (releasesFail) {
                return CompletableFuture.failedFuture(new HubException(HubError.STORAGE_UNAVAILABLE, "planted"));
            }
            partitions.stream().sorted().forEach(partition -> {
                released.add(partition);
                owned.remove(partition);
            });
            epoch++;
            tell();
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void leave() {
            state = Membership.State.LOST;
        }

        @Override
        public void close() {
            state = Membership.State.LOST;
        }
    }
}
