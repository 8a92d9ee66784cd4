package io.millrace.verify.group;

import io.millrace.client.FrameListener;
import io.millrace.client.HubSocket;
import io.millrace.client.MessageListener;
import io.millrace.client.RefusedException;
import io.millrace.client.Subprotocol;
import io.millrace.client.message.CommitOffset;
import io.millrace.client.message.Frame;
import io.millrace.client.message.Join;
import io.millrace.client.message.Subscription;
import io.millrace.verify.history.GroupEvent;
import io.millrace.verify.history.GroupHistory;
import io.millrace.verify.load.Hubs;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A well-behaved member with a WebSocket, which reconnects whenever its connection ends, or a commit is not answered in
 * time.
 */
public final class WsMember extends GroupMember {

    private static final long CREDITS = 200;

    private final String group;
    private final String topic;
    private final Hubs hubs;
    private final Duration patience;

    /** @param patience how long it waits for the answer to a commit */
    public WsMember(String name, String group, String topic, Hubs hubs, Duration patience, GroupHistory history) {
        super(name, history);
        this.group = group;
        this.topic = topic;
        this.hubs = hubs;
        this.patience = patience;
    }

    @Override
    MemberSession begin(String id) {
        return new Session(id);
    }

    private record Sent(long at, int partition, MemberSession.Progress progress) {}

    private final class Session extends StreamSession implements FrameListener {

        private final Map<String, Sent> sent = new LinkedHashMap<>();
        private @Nullable HubSocket socket;
        private int refs;
        private boolean leaving;
        private boolean leftInOrder;

        Session(String id) {
            super(id, WsMember.this);
        }

        // The socket's thread.

        @Override
        public void frame(Frame frame) {
            received(frame);
        }

        @Override
        public void closed(int status, String reason) {
            disconnected(status == MessageListener.BROKEN ? GroupEvent.Ended.BROKEN : status);
        }

        /** The hub has already given up the partitions, and frames that it sent before may be read late. */
        @Override
        void draining() {
            note(at -> new GroupEvent.Disturbed(at, id()));
        }

        // The member's thread.

        @Override
        boolean connect() throws InterruptedException {
            try {
                socket = hubs.inTurn().socket(Subprotocol.JSON, this);
            } catch (IOException | RefusedException failure) {
                return false;
            }
            Join join = Join.of(topic).from("earliest");
            send(to ->
                    to.subscribe(Subscription.inGroup("s", group, join, CREDITS).ref("s")));
            return true;
        }

        @Override
        void handleOther(Frame frame) {
            switch (frame) {
                case Frame.Revoked revoked -> leftInOrder |= revoked.reason().equals("unsubscribed");
                case Frame.Committed committed -> answered(committed.ref(), "");
                case Frame.Error error -> {
                    String code = error.problem().code();
                    if (sent.containsKey(error.ref())) {
                        answered(error.ref(), code);
                    } else {
                        failed(code, error.problem().retryable());
                        if (!error.ref().isEmpty()) {
                            end();
                        }
                    }
                }
                case Frame.Assigned _,
                        Frame.Records _,
                        Frame.Reset _,
                        Frame.Produced _,
                        Frame.Draining _,
                        Frame.Unknown _ -> {
                    // After draining, the end follows.
                }
            }
        }

        @Override
        void permit(int records) {
            // Records that were on their way when it unsubscribed are processed; the hub has no subscription then.
            if (!leaving) {
                send(to -> to.permit("s", records));
            }
        }

        @Override
        void commit() {
            takeUncommitted().forEach((partition, progress) -> {
                String ref = "c" + refs++;
                sent.put(ref, new Sent(System.nanoTime(), partition, progress));
                CommitOffset offset = new CommitOffset(topic, partition, progress.nextOffset());
                send(to -> to.commit("s", ref, List.of(offset)));
            });
        }

        @Override
        boolean isOverdue() {
            return !sent.isEmpty()
                    && System.nanoTime() - sent.values().iterator().next().at() > patience.toNanos();
        }

        private void answered(String ref, String refusal) {
            Sent commit = sent.remove(ref);
            if (commit != null) {
                answered(commit.at(), commit.partition(), commit.progress(), refusal);
            }
        }

        @Override
        void leave() throws InterruptedException {
            while (!sent.isEmpty()) {
                if (!handleNext()) {
                    return;
                }
            }
            leaving = true;
            send(to -> to.unsubscribe("s"));
            while (!leftInOrder) {
                if (!handleNext()) {
                    return;
                }
            }
        }

        @Override
        void disconnect() {
            HubSocket to = socket;
            if (to != null) {
                to.abort();
            }
        }

        private void send(Function<HubSocket, CompletableFuture<Void>> request) {
            HubSocket to = socket;
            if (to != null) {
                try {
                    request.apply(to).join();
                } catch (CompletionException broken) {
                    // The end of the connection follows.
                }
            }
        }
    }
}
