package io.millrace.group;

import io.millrace.database.Transactions;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import io.millrace.eventlog.LogReader;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.Partitions;
import io.millrace.logging.LimitedLog;
import io.millrace.time.Deadline;
import io.millrace.time.Ticker;
import io.millrace.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.modulith.NamedInterface;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Makes changes of groups. Changes of one group that arrive while another is under way are gathered and made together,
 * in one transaction with one assignment at its end: a thousand members that join at once do not cost a thousand
 * assignments.
 */
@Component
@NamedInterface("rows")
public class GroupChanges {

    private static final LimitedLog log = LimitedLog.of(GroupChanges.class);

    /** The most changes in one transaction, so that the first of many need not wait for all. */
    private static final int MOST_AT_ONCE = 500;

    private static final Duration IDLE_POLL = Duration.ofMillis(5);

    private record Pending(GroupChange change, boolean create, CompletableFuture<Void> done) {}

    /** @param epoch after the change; of a group that was deleted, one more than before */
    private record Outcome(int groupId, long before, long epoch) {

        boolean moved() {
            return epoch != before;
        }
    }

    private final GroupStore store;
    private final Topics topics;
    private final Partitions partitions;
    private final LogReader reader;
    private final EpochWatch epochs;
    private final GroupMetrics metrics;
    private final Transactions transactions;
    private final Ticker ticker;
    private final Map<String, List<Pending>> waiting = new ConcurrentHashMap<>();

    GroupChanges(
            GroupStore store,
            Topics topics,
            Partitions partitions,
            LogReader reader,
            EpochWatch epochs,
            GroupMetrics metrics,
            PlatformTransactionManager transactions,
            GroupProperties properties,
            Ticker ticker) {
        this.store = store;
        this.topics = topics;
        this.partitions = partitions;
        this.reader = reader;
        this.epochs = epochs;
        this.metrics = metrics;
        this.transactions = new Transactions(transactions, properties.transactionTimeout(), "the group");
        this.ticker = ticker;
    }

    /**
     * Makes a change, then reassigns the group's partitions.
     *
     * @param create whether to create the group if there is none
     * @return completes once the change is committed; fails with a {@link HubException}: what the change refuses with,
     *     {@link HubError#UNKNOWN_GROUP}, {@link HubError#STORAGE_UNAVAILABLE}, {@link HubError#OUTCOME_UNKNOWN}
     */
    public CompletableFuture<Void> make(String group, boolean create, GroupChange change) {
        Pending pending = new Pending(change, create, new CompletableFuture<>());
        boolean[] first = {false};
        waiting.compute(group, (_, queue) -> {
            first[0] = queue == null;
            List<Pending> gathered = queue == null ? new ArrayList<>() : queue;
            gathered.add(pending);
            return gathered;
        });
        if (first[0]) {
            Thread.ofVirtual().name("group-changes").start(() -> work(group));
        }
        return pending.done();
    }

    /** Looks at the group again: expels dead members, takes in new topics. */
    CompletableFuture<Void> settle(String group) {
        return make(group, false, _ -> {});
    }

    /**
     * Waits for a change or a commit.
     *
     * @throws HubException the one that it failed with
     */
    public static <T extends @Nullable Object> T await(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof HubException told) {
                throw told;
            }
            throw failure;
        }
    }

    /** Waits until no change is under way, or the time is over. */
    void awaitIdle(Duration longest) throws InterruptedException {
        Deadline deadline = ticker.in(longest);
        while (!waiting.isEmpty() && !deadline.isOver()) {
            ticker.sleep(IDLE_POLL);
        }
    }

    /** One transaction without the lock of a group, for reads and short writes. It fails with the hub's own errors. */
    public <T> T inTransaction(Supplier<T> work) {
        return transactions.write(work);
    }

    private void work(String group) {
        List<Pending> batch = take(group);
        while (!batch.isEmpty()) {
            try {
                makeAll(group, batch);
            } catch (Throwable failure) {
                HubException told = HubException.of(failure, "the group could not be changed");
                if (!(failure instanceof HubException)) {
                    log.failure(failure, "a change of the group {} failed", group);
                }
                batch.forEach(pending -> pending.done().completeExceptionally(told));
            }
            batch = take(group);
        }
    }

    /** The changes that wait now. If there are none, the worker is done, and the next change starts another one. */
    private List<Pending> take(String group) {
        List<Pending> batch = new ArrayList<>();
        waiting.computeIfPresent(group, (_, queue) -> {
            List<Pending> taken = queue.subList(0, Math.min(MOST_AT_ONCE, queue.size()));
            batch.addAll(taken);
            taken.clear();
            return batch.isEmpty() ? null : queue;
        });
        return batch;
    }

    private void makeAll(String group, List<Pending> batch) {
        long start = ticker.nanos();
        Map<Pending, HubException> refused = new HashMap<>();
        List<Pending> made = new ArrayList<>();
        Outcome outcome = transactions.write(() -> {
            refused.clear();
            made.clear();
            if (batch.stream().anyMatch(Pending::create)) {
                store.create(group);
            }
            GroupState state = store.lock(group).orElseThrow(GroupName::unknown);
            long before = state.epoch();
            state.expelDead();
            for (Pending pending : batch) {
                if (state.deleted()) {
                    break; // the changes after that find no group, or create a new one
                }
                made.add(pending);
                try {
                    pending.change().apply(state);
                } catch (HubException refusal) {
                    refused.put(pending, refusal);
                }
            }
            if (!state.deleted()) {
                long version = topics.version();
                new Reassignment(
                                state,
                                new Reassignment.TopicSnapshot(version, topics.subscribed(state.subscribed())),
                                this::resolve)
                        .run();
            }
            store.save(state);
            return new Outcome(state.groupId(), before, state.deleted() ? before + 1 : state.epoch());
        });
        if (outcome.moved()) {
            epochs.moved(outcome.groupId(), outcome.epoch());
            metrics.rebalanced(ticker.nanos() - start);
        }
        for (Pending pending : made) {
            HubException refusal = refused.get(pending);
            if (refusal == null) {
                pending.done().complete(null);
            } else {
                pending.done().completeExceptionally(refusal);
            }
        }
        if (made.size() < batch.size()) {
            makeAll(group, batch.subList(made.size(), batch.size()));
        }
    }

    private Map<Integer, Long> resolve(Collection<Integer> partitionIds, StartPosition from) {
        Map<Integer, Long> offsets = new HashMap<>();
        partitions.bounds(partitionIds).forEach((id, bounds) -> offsets.put(id, offset(id, bounds, from)));
        return offsets;
    }

    private long offset(int partitionId, PartitionBounds bounds, StartPosition from) {
        return switch (from) {
            case StartPosition.Earliest _ -> bounds.start();
            case StartPosition.Latest _ -> bounds.readable();
            case StartPosition.AtTimestamp at -> reader.offsetOf(partitionId, at.timestamp(), bounds);
            case StartPosition.AtOffset at -> Math.clamp(at.nextOffset(), bounds.start(), bounds.readable());
        };
    }
}
