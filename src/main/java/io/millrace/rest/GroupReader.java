package io.millrace.rest;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.fetch.Delivery;
import io.millrace.fetch.Subscription;
import io.millrace.fetch.Subscriptions;
import io.millrace.group.Assignment;
import io.millrace.group.Groups;
import io.millrace.group.Heartbeat;
import io.millrace.group.Owned;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicCatalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Lets members of groups read without a connection. Each call stands for itself: it takes what the member owns from the
 * database, follows those partitions for as long as it takes and forgets them. Blocks; safe for any thread.
 *
 * <p>When the application stops, nobody waits any longer for a first record.
 */
@Component
class GroupReader implements SmartLifecycle {

    /** How late a waiting member may learn that its assignment has changed. */
    private static final Duration LOOK = Duration.ofMillis(200);

    /** No assignment is that old: whoever says to know it acknowledges nothing. */
    private static final OptionalLong NOTHING_SEEN = OptionalLong.of(0);

    private final Groups groups;
    private final Subscriptions subscriptions;
    private final TopicCatalogue catalogue;
    private final RandomGenerator random;
    private volatile boolean stopping;

    GroupReader(Groups groups, Subscriptions subscriptions, TopicCatalogue catalogue, RandomGenerator random) {
        this.groups = groups;
        this.subscriptions = subscriptions;
        this.catalogue = catalogue;
        this.random = random;
    }

    /**
     * Reads on for a member, and takes the call as a sign of life.
     *
     * @throws HubException {@link HubError#STALE_MEMBER_EPOCH} if the member knows an older epoch than it has,
     *     {@link HubError#INVALID_REQUEST} for a cursor of another group or an epoch that never was, and what
     *     {@link Groups#heartbeat} throws
     */
    GroupPoll read(String group, String memberId, GroupReadRequest request) throws InterruptedException {
        check(group, memberId, request);
        Assignment begun = groups.heartbeat(group, memberId, request.epoch(), Duration.ZERO)
                .assignment();
        GroupPoll poll = new GroupPoll(begun, request);
        boolean waited;
        try (Subscription subscription = subscriptions.open()) {
            follow(subscription, poll, begun);
            waited = take(subscription, poll, group, maxWait(begun, request));
        }
        // After a wait, what has changed meanwhile counts as told, and the session runs from here.
        poll.end(waited ? sign(group, memberId, Duration.ZERO).assignment() : begun);
        return poll;
    }

    /** A sign of life that acknowledges nothing. */
    private Heartbeat sign(String group, String memberId, Duration wait) {
        return groups.heartbeat(group, memberId, NOTHING_SEEN, wait);
    }

    /** What is being revoked still is what the member has not been told of: somebody waits for it to let go. */
    private static Duration maxWait(Assignment begun, GroupReadRequest request) {
        return begun.partitions().stream().anyMatch(Owned::revoking) ? Duration.ZERO : request.maxWait();
    }

    /** Before anything is changed: a heartbeat is a change. */
    private void check(String group, String memberId, GroupReadRequest request) {
        GroupCursor cursor = request.cursor();
        if (request.epoch().isEmpty() && cursor == null) {
            return;
        }
        Assignment now = groups.assignment(group, memberId);
        if (cursor != null && cursor.groupId() != now.groupId()) {
            throw GroupReadRequest.noCursor();
        }
        long epoch = request.epoch().orElse(now.epoch());
        GroupEpochs.checkNotNewer(epoch, now, "?epoch");
        if (epoch < now.epoch()) {
            throw new HubException(
                            HubError.STALE_MEMBER_EPOCH,
                            "the member's epoch is " + now.epoch() + ": read without an epoch, or send a heartbeat")
                    .with("epoch", now.epoch());
        }
    }

    /** Another partition comes first each time, so that a busy one does not keep the others waiting. */
    private void follow(Subscription subscription, GroupPoll poll, Assignment begun) {
        List<Owned> readable = new ArrayList<>(begun.partitions());
        readable.removeIf(Owned::revoking);
        if (readable.isEmpty()) {
            return;
        }
        Collections.rotate(readable, random.nextInt(readable.size()));
        for (Owned owned : readable) {
            Topic topic = topic(owned);
            if (topic != null && follow(subscription, topic, owned, poll.position(owned))) {
                poll.followed(owned);
            }
        }
    }

    private boolean follow(Subscription subscription, Topic topic, Owned owned, long nextOffset) {
        try {
            subscriptions.follow(subscription, topic, owned.name().partition(), new StartPosition.AtOffset(nextOffset));
            return true;
        } catch (HubException failure) {
            if (isGone(failure)) {
                return false;
            }
            throw failure;
        }
    }

    /** The topic that the partition belongs to; null if it was deleted, which the assignment will tell soon. */
    private @Nullable Topic topic(Owned owned) {
        try {
            Topic known = catalogue.require(owned.name().topic());
            if (has(known, owned)) {
                return known;
            }
            catalogue.invalidate(owned.name().topic());
            Topic read = catalogue.require(owned.name().topic());
            return has(read, owned) ? read : null;
        } catch (HubException failure) {
            if (isGone(failure)) {
                return null;
            }
            throw failure;
        }
    }

    private static boolean has(Topic topic, Owned owned) {
        int partition = owned.name().partition();
        return partition < topic.partitionCount() && topic.partitionIds().get(partition) == owned.partitionId();
    }

    private static boolean isGone(HubException failure) {
        return failure.error() == HubError.UNKNOWN_TOPIC || failure.error() == HubError.UNKNOWN_PARTITION;
    }

    /** Takes what is there, or waits for something. Answers whether it waited. */
    private boolean take(Subscription subscription, GroupPoll poll, String group, Duration wait)
            throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        boolean waited = false;
        while (!poll.isFull()) {
            long left = poll.isEmpty() && !stopping ? Math.max(0, deadline - System.nanoTime()) : 0;
            Duration turn = left < LOOK.toNanos() ? Duration.ofNanos(left) : LOOK;
            switch (subscription.next(poll.mostRecords(), poll.mostBytes(), turn)) {
                case Delivery.Records records -> poll.add(records);
                case Delivery.Reset reset -> poll.add(reset);
                case Delivery.Removed removed -> poll.remove(removed.partition());
                case Delivery.Nothing _ -> {
                    if (left > 0 && !waited) {
                        waited = true;
                        sign(group, poll.memberId(), Duration.ofNanos(left));
                    }
                    if (left <= LOOK.toNanos() || poll.hasChanged(groups.assignment(group, poll.memberId()))) {
                        return waited;
                    }
                }
            }
        }
        return waited;
    }

    @Override
    public void start() {
        stopping = false;
    }

    @Override
    public void stop() {
        stopping = true;
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
