package io.millrace.consume;

import io.millrace.budget.Hold;
import io.millrace.cursor.Bases;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.Subscription;
import io.millrace.fetch.Subscriptions;
import io.millrace.group.Assignment;
import io.millrace.group.Groups;
import io.millrace.group.Heartbeat;
import io.millrace.group.OffsetCommit;
import io.millrace.group.Owned;
import io.millrace.group.WaitingMember;
import io.millrace.security.Caller;
import io.millrace.time.Deadline;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Lets members of groups read without a connection. Each call stands alone: it reads from the database what the member
 * owns, follows those partitions until it ends, and keeps nothing. Blocks; safe for any thread.
 *
 * <p>When the application stops, calls stop waiting for a first record.
 */
@Component
public class MemberCalls implements SmartLifecycle {

    /**
     * A call that waits no longer than this costs as little as one that does not wait: it is not watched, and gives no
     * second sign of life.
     */
    private static final Duration SHORT_WAIT = Duration.ofMillis(200);

    /** No assignment is that old: a heartbeat that names it acknowledges nothing. */
    private static final OptionalLong NOTHING_SEEN = OptionalLong.of(0);

    private final Groups groups;
    private final Subscriptions subscriptions;
    private final OwnedPartitions owned;
    private final MemberAccess access;
    private final Bases bases;
    private final RandomGenerator random;
    private final Ticker ticker;
    private final Set<Subscription> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    MemberCalls(
            Groups groups,
            Subscriptions subscriptions,
            OwnedPartitions owned,
            MemberAccess access,
            Bases bases,
            RandomGenerator random,
            Ticker ticker) {
        this.groups = groups;
        this.subscriptions = subscriptions;
        this.owned = owned;
        this.access = access;
        this.bases = bases;
        this.random = random;
        this.ticker = ticker;
    }

    /**
     * Reads on for a member; the call counts as a sign of life.
     *
     * @param batches holds what is read; closed by the caller once the answer is written
     * @throws HubException if the caller may not; {@link HubError#STALE_MEMBER_EPOCH} if the member names an older
     *     epoch than it has, {@link HubError#INVALID_REQUEST} for a cursor of another group or an epoch that it cannot
     *     have been told, {@link HubError#CURSOR_EXPIRED}, {@link HubError#OVERLOADED}, and what
     *     {@link Groups#heartbeat} throws
     */
    public MemberCall read(Caller caller, String group, String memberId, CallTerms terms, Hold batches)
            throws InterruptedException {
        access.check(caller, group);
        String text = terms.cursor();
        MemberCursor cursor = text == null ? null : MemberCursor.decode(text, bases);
        check(group, memberId, terms, cursor);
        Assignment begun =
                groups.heartbeat(group, memberId, terms.epoch(), Duration.ZERO).assignment();
        MemberCall call = new MemberCall(begun, terms, cursor);
        boolean waited;
        try (Subscription subscription = subscriptions.openForOneCall(batches)) {
            subscription.rate(access.quota(caller));
            follow(caller, subscription, call, begun);
            waited = take(subscription, call, group, begun, maxWait(begun, terms));
        }
        if (waited) {
            access.check(caller, group, topics(begun));
        }
        // After a wait, what has changed meanwhile counts as told, and the session runs from here.
        call.end(waited ? signOfLife(group, memberId, Duration.ZERO).assignment() : begun);
        return call;
    }

    private static Set<String> topics(Assignment assignment) {
        return assignment.partitions().stream()
                .map(owned -> owned.name().topic())
                .collect(Collectors.toSet());
    }

    /** The cursor by which the member reads on after a call; blocks if a base has to be stored for it. */
    public String cursorAfter(MemberCall call) {
        return call.cursor().encode(bases);
    }

    /** A sign of life that acknowledges nothing. */
    private Heartbeat signOfLife(String group, String memberId, Duration wait) {
        return groups.heartbeat(group, memberId, NOTHING_SEEN, wait);
    }

    /**
     * Partitions that are still being revoked are news to the member, and others wait for them: it is answered at once.
     */
    private static Duration maxWait(Assignment begun, CallTerms terms) {
        return begun.partitions().stream().anyMatch(Owned::revoking) ? Duration.ZERO : terms.maxWait();
    }

    /** Before the heartbeat, which changes the member's row. */
    private void check(String group, String memberId, CallTerms terms, @Nullable MemberCursor cursor) {
        if (terms.epoch().isEmpty() && cursor == null) {
            return;
        }
        Assignment now = groups.assignment(group, memberId);
        if (cursor != null && cursor.groupId() != now.groupId()) {
            throw MemberCursor.none();
        }
        long epoch = terms.epoch().orElse(now.epoch());
        MemberEpochs.checkNotNewer(epoch, now, new Place.Parameter("epoch"));
        if (epoch < now.epoch()) {
            throw new HubException(
                            HubError.STALE_MEMBER_EPOCH,
                            "the member's epoch is " + now.epoch() + ": read without an epoch, or send a heartbeat")
                    .with("epoch", now.epoch());
        }
    }

    /** Another partition comes first each time, so that a busy one does not keep the others waiting. */
    private void follow(Caller caller, Subscription subscription, MemberCall call, Assignment begun) {
        List<Owned> readable = new ArrayList<>(begun.partitions());
        readable.removeIf(Owned::revoking);
        if (readable.isEmpty()) {
            return;
        }
        Collections.rotate(readable, random.nextInt(readable.size()));
        Set<TopicPartition> followed = owned.follow(caller, subscription, readable, call::position, begun.from())
                .keySet();
        readable.stream().filter(mine -> followed.contains(mine.name())).forEach(call::followed);
    }

    /** Takes what is there, or waits for something. Returns whether it waited for longer than {@link #SHORT_WAIT}. */
    private boolean take(Subscription subscription, MemberCall call, String group, Assignment begun, Duration wait)
            throws InterruptedException {
        Deadline deadline = ticker.in(wait);
        Duration first = wait.compareTo(SHORT_WAIT) < 0 ? wait : SHORT_WAIT;
        waiting.add(subscription);
        try {
            if (takeUntilNothing(subscription, call, group, stopping ? Duration.ZERO : first)) {
                return false;
            }
            Duration rest = deadline.left();
            if (rest.isZero() || stopping) {
                return false;
            }
            signOfLife(group, call.memberId(), rest);
            try (WaitingMember member = groups.watch(begun, subscription::wake)) {
                boolean ended = false;
                while (!ended) {
                    ended = takeUntilNothing(subscription, call, group, deadline.left())
                            || member.changed()
                            || stopping
                            || deadline.isOver();
                }
            }
            return true;
        } finally {
            waiting.remove(subscription);
        }
    }

    /** Waits for a first record only. Returns whether any has come. */
    private boolean takeUntilNothing(Subscription subscription, MemberCall call, String group, Duration wait)
            throws InterruptedException {
        while (!call.isFull()) {
            switch (next(subscription, call, wait)) {
                case Delivery.Records records -> call.add(records);
                case Delivery.Reset reset -> {
                    store(group, call, call.toBeStored(reset));
                    call.add(reset);
                }
                case Delivery.Removed removed -> call.remove(removed.partition());
                case Delivery.Nothing _ -> {
                    return !call.isEmpty();
                }
            }
        }
        return true;
    }

    /** A partition that is no longer the member's is left to its owner. */
    private void store(String group, MemberCall call, @Nullable OffsetCommit position) {
        if (position == null) {
            return;
        }
        try {
            groups.commit(group, call.memberId(), OptionalLong.empty(), List.of(position));
        } catch (HubException refusal) {
            if (!AutomaticCommit.isFenced(refusal.error())) {
                throw refusal;
            }
        }
    }

    /** If there is no memory for more, the call ends with the records that it has. */
    private static Delivery next(Subscription subscription, MemberCall call, Duration wait)
            throws InterruptedException {
        try {
            return subscription.next(call.mostRecords(), call.mostBytes(), call.isEmpty() ? wait : Duration.ZERO);
        } catch (HubException refusal) {
            if (refusal.error() == HubError.OVERLOADED && !call.isEmpty()) {
                return new Delivery.Nothing();
            }
            throw refusal;
        }
    }

    @Override
    public void start() {
        stopping = false;
    }

    @Override
    public void stop() {
        stopping = true;
        waiting.forEach(Subscription::wake);
    }

    @Override
    public boolean isRunning() {
        return !stopping;
    }

    /** Before the web server, which waits for its requests to end. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
