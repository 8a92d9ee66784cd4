package io.millrace.verify.group;

import io.millrace.client.EventStream;
import io.millrace.client.NoAnswerException;
import io.millrace.client.RefusedException;
import io.millrace.client.message.Frame;
import io.millrace.client.message.Join;
import io.millrace.client.message.Problem;
import io.millrace.verify.history.GroupEvent;
import io.millrace.verify.history.GroupHistory;
import io.millrace.verify.load.Hubs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A well-behaved member with an event stream, which reconnects whenever its stream ends. It commits by separate calls
 * to any hub. When its hub shuts down it commits what it has received and closes the stream.
 */
public final class SseMember extends GroupMember {

    /** Hubs send a comment every 15 s; frozen ones may continue. */
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final String group;
    private final String topic;
    private final Hubs streams;
    private final Hubs calls;

    /**
     * @param streams where it opens streams
     * @param calls where it sends commits
     */
    public SseMember(String name, String group, String topic, Hubs streams, Hubs calls, GroupHistory history) {
        super(name, history);
        this.group = group;
        this.topic = topic;
        this.streams = streams;
        this.calls = calls;
    }

    @Override
    MemberSession begin(String id) {
        return new Session(id);
    }

    private final class Session extends StreamSession {

        private final RepeatedCalls commits = new RepeatedCalls(this, calls);
        private @Nullable EventStream stream;
        private String memberId = "";
        private boolean drained;

        Session(String id) {
            super(id, SseMember.this);
        }

        // The stream's thread.

        private void read(EventStream from) {
            try {
                for (Frame.Event event = from.next(SILENCE); event != null; event = from.next(SILENCE)) {
                    received(event.frame());
                }
            } catch (NoAnswerException broken) {
                // Equivalent to the end.
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            disconnected(drained ? GroupEvent.Ended.GOING_AWAY : GroupEvent.Ended.BROKEN);
        }

        @Override
        void draining() {
            drained = true;
            revoked(owned(), GroupEvent.Revoked.DRAINING);
        }

        // The member's thread.

        @Override
        boolean connect() throws InterruptedException {
            try {
                EventStream opened =
                        streams.inTurn().groups().join(group, Join.of(topic).from("earliest"));
                stream = opened;
                Thread.ofVirtual().name(id()).start(() -> read(opened));
                return true;
            } catch (RefusedException refusal) {
                failed(refusal.code(), refusal.retryable());
            } catch (NoAnswerException noAnswer) {
                failed(GroupEvent.Failed.NO_ANSWER, true);
            }
            return false;
        }

        @Override
        void handleOther(Frame frame) throws InterruptedException {
            switch (frame) {
                case Frame.Assigned assigned -> memberId = assigned.memberId();
                case Frame.Draining _ -> finish();
                case Frame.Error error ->
                    failed(error.problem().code(), error.problem().retryable());
                case Frame.Records _,
                        Frame.Reset _,
                        Frame.Revoked _,
                        Frame.Committed _,
                        Frame.Produced _,
                        Frame.Unknown _ -> {
                    // Nothing to do.
                }
            }
        }

        @Override
        void permit(int records) {
            // TCP's flow control does that.
        }

        @Override
        void commit() throws InterruptedException {
            Map<Integer, Progress> left = takeUncommitted();
            while (!left.isEmpty()) {
                long sent = System.nanoTime();
                Set<Integer> refused = Set.copyOf(left.keySet());
                String code = "";
                Map<Integer, Progress> all = left;
                try {
                    commits.run(hub -> hub.members().commit(group, memberId, null, RepeatedCalls.offsets(topic, all)));
                } catch (RefusedException refusal) {
                    code = refusal.code();
                    refused = named(left, refusal.problem());
                }
                for (int partition : refused) {
                    answered(sent, partition, Objects.requireNonNull(left.remove(partition)), code);
                }
            }
        }

        /** The partitions whose offsets a refusal names; all if it names none. */
        private static Set<Integer> named(Map<Integer, Progress> commits, Problem refusal) {
            List<Integer> partitions = new ArrayList<>(commits.keySet());
            Set<Integer> named = new HashSet<>();
            for (Problem.Place place : refusal.places()) {
                named.add(partitions.get(Integer.parseInt(place.pointer().split("/")[2])));
            }
            return named.isEmpty() ? Set.copyOf(partitions) : named;
        }

        @Override
        void leave() {
            // The end of the stream tells the hub.
        }

        @Override
        void disconnect() {
            EventStream from = stream;
            if (from != null) {
                from.close();
            }
        }
    }
}
