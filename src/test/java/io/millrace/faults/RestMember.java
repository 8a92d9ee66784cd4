package io.millrace.faults;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A well-behaved member without a connection: it commits before it polls, so that a poll may let go of what the answer
 * before has asked for. Its calls go to one hub after another.
 */
final class RestMember extends SteadyMember {

    private static final int RECORDS_BETWEEN_HEARTBEATS = 20;

    private final String name;
    private final String group;
    private final String topic;
    private final Balancer.Entrance entrance;
    private final Duration sessionTimeout;
    private final Duration patience;

    /** @param patience how long it waits for an answer before it asks the next hub */
    RestMember(
            String name,
            String group,
            String topic,
            Balancer.Entrance entrance,
            Duration sessionTimeout,
            Duration patience,
            GroupHistory history) {
        super(name, history);
        this.name = name;
        this.group = group;
        this.topic = topic;
        this.entrance = entrance;
        this.sessionTimeout = sessionTimeout;
        this.patience = patience;
    }

    @Override
    public Optional<HubProcess> hub() {
        return Optional.empty();
    }

    @Override
    MemberSession begin(String id) {
        return new Session(id);
    }

    private final class Session extends MemberSession {

        private final MemberCalls calls = new MemberCalls(this, entrance, patience);

        /** Of the partitions that it owns. */
        private final Map<Integer, Long> epochs = new HashMap<>();

        private final Set<Integer> revoking = new HashSet<>();
        private String path = "/v1/groups/" + group + "/members";
        private long epoch;

        /** Of the last poll. Heartbeats name it, so that nothing is let go of that is still being processed. */
        private long polledEpoch;

        private String cursor = "";

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
            } catch (MemberCalls.Refused refusal) {
                failed(refusal.code(), refusal.retryable());
                ended(0);
            }
        }

        private void leave() throws InterruptedException {
            ended(0);
            try {
                calls.call("DELETE", path, "");
            } catch (MemberCalls.Refused left) {
                // By an attempt whose answer got lost.
            }
        }

        private void join() throws MemberCalls.Refused, InterruptedException {
            // As an instance, so that joining can be repeated.
            JsonNode joined = calls.call(
                            "POST",
                            path,
                            "{\"topics\":[\"%s\"],\"from\":\"earliest\",\"session_timeout_ms\":%d,\"instance_id\":\"%s\"}"
                                    .formatted(topic, sessionTimeout.toMillis(), name))
                    .body();
            path += "/" + joined.get("member_id").asString();
            adopt(joined, GroupEvent.Revoked.TAKEN);
            polledEpoch = epoch;
        }

        private void poll() throws MemberCalls.Refused, InterruptedException {
            letGo();
            MemberCalls.Answer answer = calls.call("GET", path + "/records?wait=500ms&limit=300" + cursor, "");
            cursor = "&cursor=" + answer.body().get("cursor").asString();
            // The answer that was lost may have asked for a partition, and the next attempt let it go.
            adopt(answer.body(), answer.repeated() ? GroupEvent.Revoked.ASKED : GroupEvent.Revoked.TAKEN);
            polledEpoch = epoch;
            // Of what it is asked for there is nothing in this answer, and what was before is committed.
            letGo();
            for (JsonNode part : answer.body().get("partitions")) {
                delivered(part.get("partition").asInt(), part.get("epoch").asLong(), part.get("records"));
            }
            process(answer.body().get("partitions"));
        }

        private void process(JsonNode parts) throws MemberCalls.Refused, InterruptedException {
            int processed = 0;
            for (JsonNode part : parts) {
                for (JsonNode record : part.get("records")) {
                    awaitResumed();
                    process(part.get("partition").asInt(), part.get("epoch").asLong(), record);
                    if (++processed % RECORDS_BETWEEN_HEARTBEATS == 0) {
                        commit();
                        heartbeat();
                    }
                }
            }
            commit();
        }

        /** The next call says that this member has read the answer. */
        private void letGo() {
            if (!revoking.isEmpty()) {
                revoked(Set.copyOf(revoking), GroupEvent.Revoked.ASKED);
                epochs.keySet().removeAll(revoking);
                revoking.clear();
            }
        }

        private void heartbeat() throws MemberCalls.Refused, InterruptedException {
            JsonNode answer = calls.call("POST", path + "/heartbeat", "{\"epoch\":" + polledEpoch + "}")
                    .body();
            adopt(answer, GroupEvent.Revoked.TAKEN);
        }

        private void commit() throws MemberCalls.Refused, InterruptedException {
            Map<Integer, Progress> left = takeUncommitted();
            while (!left.isEmpty()) {
                long sent = System.nanoTime();
                try {
                    calls.call(
                            "POST",
                            path + "/offsets",
                            "{\"epoch\":" + epoch + "," + MemberCalls.offsets(topic, left) + "}");
                    left.forEach((partition, progress) -> answered(sent, partition, progress, ""));
                    return;
                } catch (MemberCalls.Refused refusal) {
                    if (!refusal.code().equals("stale_member_epoch")) {
                        left.forEach((partition, progress) -> answered(sent, partition, progress, refusal.code()));
                        throw refusal;
                    }
                    heartbeat();
                    left.entrySet().removeIf(commit -> isLost(sent, commit, refusal));
                }
            }
        }

        private boolean isLost(long sent, Map.Entry<Integer, Progress> commit, MemberCalls.Refused refusal) {
            boolean lost = !Objects.equals(
                    epochs.get(commit.getKey()), commit.getValue().epoch());
            if (lost) {
                answered(sent, commit.getKey(), commit.getValue(), refusal.code());
            }
            return lost;
        }

        /** @param reason for which partitions are gone that were not asked for */
        private void adopt(JsonNode answer, String reason) {
            Set<Integer> asked = new HashSet<>();
            answer.path("revoking")
                    .forEach(name -> asked.add(name.get("partition").asInt()));
            Map<Integer, Long> now = new HashMap<>();
            Map<Integer, Long> added = new HashMap<>();
            for (JsonNode owned : answer.get("assignment")) {
                int partition = owned.get("partition").asInt();
                long since = owned.get("epoch").asLong();
                boolean known = Objects.equals(epochs.get(partition), since);
                // What it is asked to give up before it knew of it, it has never read.
                if (known || !asked.contains(partition)) {
                    now.put(partition, since);
                }
                if (!known && !asked.contains(partition)) {
                    added.put(partition, owned.path("next_offset").asLong(Ownership.UNKNOWN));
                }
            }
            Set<Integer> gone = new HashSet<>(epochs.keySet());
            gone.removeIf(partition -> Objects.equals(now.get(partition), epochs.get(partition)));
            if (!gone.isEmpty()) {
                revoked(gone, reason);
            }
            boolean changed = answer.get("epoch").asLong() != epoch;
            if (changed || !added.isEmpty()) {
                assigned(path.substring(path.lastIndexOf('/') + 1), added);
            }
            epoch = answer.get("epoch").asLong();
            epochs.clear();
            epochs.putAll(now);
            revoking.clear();
            asked.stream().filter(now::containsKey).forEach(revoking::add);
        }
    }
}
