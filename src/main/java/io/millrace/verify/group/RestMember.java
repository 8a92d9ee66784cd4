package io.millrace.verify.group;

import io.millrace.client.MemberCalls;
import io.millrace.client.RefusedException;
import io.millrace.client.message.Join;
import io.millrace.client.message.MemberRecords;
import io.millrace.client.message.Membership;
import io.millrace.codec.ReadPage;
import io.millrace.codec.ReadRecord;
import io.millrace.verify.history.GroupEvent;
import io.millrace.verify.history.GroupHistory;
import io.millrace.verify.load.Hubs;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A well-behaved member without a connection: it commits before it polls, so that a poll may give up the partitions
 * that the previous answer asked for. Its calls go to the hubs in turn.
 */
public final class RestMember extends GroupMember {

    private static final int RECORDS_BETWEEN_HEARTBEATS = 20;

    private final String name;
    private final String group;
    private final String topic;
    private final Hubs hubs;
    private final Duration sessionTimeout;

    /**
     * @param hubs whose timeout for answers is how long it waits before it tries the next hub
     * @param sessionTimeout after how long without a call the group removes it
     */
    public RestMember(
            String name, String group, String topic, Hubs hubs, Duration sessionTimeout, GroupHistory history) {
        super(name, history);
        this.name = name;
        this.group = group;
        this.topic = topic;
        this.hubs = hubs;
        this.sessionTimeout = sessionTimeout;
    }

    @Override
    MemberSession begin(String id) {
        return new Session(id);
    }

    private final class Session extends MemberSession {

        private final RepeatedCalls calls = new RepeatedCalls(this, hubs);

        /** The epochs of the partitions that it owns. */
        private final Map<Integer, Long> epochs = new HashMap<>();

        private final Set<Integer> revoking = new HashSet<>();
        private String memberId = "";
        private long epoch;

        /**
         * The epoch of the last poll. Heartbeats send it, so that partitions that are still being processed are not
         * given up.
         */
        private long polledEpoch;

        private @Nullable String cursor;

        Session(String id) {
            super(id, RestMember.this.history());
        }

        @Override
        void run() throws InterruptedException {
            try {
                join();
                while (!leaving()) {
                    poll();
                }
                leave();
            } catch (RefusedException refusal) {
                failed(refusal.code(), refusal.retryable());
                ended(0);
            }
        }

        private void leave() throws InterruptedException {
            ended(0);
            try {
                calls.run(hub -> hub.members().leave(group, memberId));
            } catch (RefusedException left) {
                // An earlier attempt, whose answer got lost, has removed the member.
            }
        }

        private void join() throws InterruptedException {
            // With an instance id, so that joining can be repeated.
            Join how = Join.of(topic)
                    .from("earliest")
                    .sessionTimeoutMs(Math.toIntExact(sessionTimeout.toMillis()))
                    .instance(name);
            Membership joined =
                    calls.call(hub -> hub.members().join(group, how)).body();
            memberId = joined.memberId();
            adopt(joined, GroupEvent.Revoked.TAKEN);
            polledEpoch = epoch;
        }

        private void poll() throws InterruptedException {
            giveUp();
            MemberCalls.Poll poll = new MemberCalls.Poll(Duration.ofMillis(500), 300, cursor);
            RepeatedCalls.Answer<MemberRecords> answer =
                    calls.call(hub -> hub.members().poll(group, memberId, poll));
            cursor = answer.body().cursor();
            // A lost answer may have revoked a partition, which the next attempt then released.
            adopt(answer.body().membership(), answer.repeated() ? GroupEvent.Revoked.ASKED : GroupEvent.Revoked.TAKEN);
            polledEpoch = epoch;
            // This answer has no records of the partitions that it revokes, and earlier records are committed.
            giveUp();
            answer.body().partitions().forEach(this::delivered);
            process(answer.body().partitions());
        }

        private void process(List<ReadPage> pages) throws InterruptedException {
            int processed = 0;
            for (ReadPage page : pages) {
                for (ReadRecord record : page.records()) {
                    awaitResumed();
                    process(page.partition(), page.epoch(), record);
                    if (++processed % RECORDS_BETWEEN_HEARTBEATS == 0) {
                        commit();
                        heartbeat();
                    }
                }
            }
            commit();
        }

        /** The next call confirms that this member has read the answer. */
        private void giveUp() {
            if (!revoking.isEmpty()) {
                revoked(Set.copyOf(revoking), GroupEvent.Revoked.ASKED);
                epochs.keySet().removeAll(revoking);
                revoking.clear();
            }
        }

        private void heartbeat() throws InterruptedException {
            Membership answer = calls.call(hub -> hub.members().heartbeat(group, memberId, polledEpoch))
                    .body();
            adopt(answer, GroupEvent.Revoked.TAKEN);
        }

        private void commit() throws InterruptedException {
            Map<Integer, Progress> left = takeUncommitted();
            while (!left.isEmpty()) {
                long sent = System.nanoTime();
                try {
                    calls.run(hub -> hub.members().commit(group, memberId, epoch, RepeatedCalls.offsets(topic, left)));
                    left.forEach((partition, progress) -> answered(sent, partition, progress, ""));
                    return;
                } catch (RefusedException refusal) {
                    if (!refusal.code().equals("stale_member_epoch")) {
                        left.forEach((partition, progress) -> answered(sent, partition, progress, refusal.code()));
                        throw refusal;
                    }
                    heartbeat();
                    left.entrySet().removeIf(commit -> isLost(sent, commit, refusal));
                }
            }
        }

        private boolean isLost(long sent, Map.Entry<Integer, Progress> commit, RefusedException refusal) {
            boolean lost = !Objects.equals(
                    epochs.get(commit.getKey()), commit.getValue().epoch());
            if (lost) {
                answered(sent, commit.getKey(), commit.getValue(), refusal.code());
            }
            return lost;
        }

        /** @param reason the reason for partitions that are lost without a request to give them up */
        private void adopt(Membership answer, String reason) {
            Set<Integer> asked = new HashSet<>();
            answer.revoking().forEach(name -> asked.add(name.partition()));
            Map<Integer, Long> now = new HashMap<>();
            Map<Integer, Long> added = new HashMap<>();
            for (Membership.Owned owned : answer.assignment()) {
                int partition = owned.partition();
                long since = owned.epoch();
                boolean known = Objects.equals(epochs.get(partition), since);
                // It has read nothing of partitions that are revoked before it learned of them.
                if (known || !asked.contains(partition)) {
                    now.put(partition, since);
                }
                if (!known && !asked.contains(partition)) {
                    added.put(partition, Objects.requireNonNullElse(owned.nextOffset(), GroupEvent.Assigned.UNTOLD));
                }
            }
            Set<Integer> gone = new HashSet<>(epochs.keySet());
            gone.removeIf(partition -> Objects.equals(now.get(partition), epochs.get(partition)));
            if (!gone.isEmpty()) {
                revoked(gone, reason);
            }
            boolean changed = answer.epoch() != epoch;
            if (changed || !added.isEmpty()) {
                assigned(memberId, added);
            }
            epoch = answer.epoch();
            epochs.clear();
            epochs.putAll(now);
            revoking.clear();
            asked.stream().filter(now::containsKey).forEach(revoking::add);
        }
    }
}
