package io.millrace.faults;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A well-behaved member by WebSocket, which connects again whenever its connection ends. It waits without an end for a
 * hub that stands still.
 */
final class WsMember extends SteadyMember {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final long CREDITS = 200;

    private final String group;
    private final String topic;
    private final Balancer.Entrance entrance;

    WsMember(String name, String group, String topic, Balancer.Entrance entrance, GroupHistory history) {
        super(name, history);
        this.group = group;
        this.topic = topic;
        this.entrance = entrance;
    }

    @Override
    public Optional<HubProcess> hub() {
        return Optional.ofNullable(entrance.hub());
    }

    @Override
    MemberSession begin(String id) {
        return new Session(id);
    }

    private record Sent(long at, int partition, MemberSession.Progress progress) {}

    private final class Session extends StreamSession implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();
        private final Map<String, Sent> sent = new HashMap<>();
        private @Nullable WebSocket socket;
        private int refs;
        private boolean leftInOrder;

        Session(String id) {
            super(id, WsMember.this);
        }

        // The socket's thread.

        @Override
        public void onOpen(WebSocket opened) {
            opened.request(Long.MAX_VALUE);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                JsonNode frame = JSON.readTree(text.toString());
                text.setLength(0);
                received(frame);
            }
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            disconnected(status);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            disconnected(GroupEvent.Ended.BROKEN);
        }

        /** What the hub has sent before, it has let go of by now, and may be read late. */
        @Override
        void draining() {
            note(at -> new GroupEvent.Disturbed(at, id()));
        }

        // The member's thread.

        @Override
        boolean connect() throws InterruptedException {
            try {
                socket = HTTP.newWebSocketBuilder()
                        .subprotocols("hub.v1.json")
                        .connectTimeout(CONNECT)
                        .buildAsync(entrance.ws("/v1/ws"), this)
                        .get(2 * CONNECT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException failure) {
                return false;
            }
            send("{\"type\":\"subscribe\",\"id\":\"s\",\"ref\":\"s\",\"topics\":[\"" + topic + "\"],\"group\":\""
                    + group + "\",\"from\":\"earliest\",\"credits\":" + CREDITS + "}");
            return true;
        }

        @Override
        void handleOther(String type, JsonNode frame) {
            switch (type) {
                case "revoked" -> leftInOrder |= frame.get("reason").asString().equals("unsubscribed");
                case "committed" -> answered(frame, "");
                case "error" -> {
                    JsonNode problem = frame.get("problem");
                    String code = problem.get("code").asString();
                    if (frame.has("ref") && sent.containsKey(frame.get("ref").asString())) {
                        answered(frame, code);
                    } else {
                        failed(code, problem.get("retryable").asBoolean());
                        if (frame.has("ref")) {
                            end();
                        }
                    }
                }
                default -> {
                    // Draining: the end will follow. Or only woken.
                }
            }
        }

        @Override
        void permit(int records) {
            send("{\"type\":\"permit\",\"id\":\"s\",\"records\":" + records + "}");
        }

        @Override
        void commit() {
            takeUncommitted().forEach((partition, progress) -> {
                String ref = "c" + refs++;
                sent.put(ref, new Sent(System.nanoTime(), partition, progress));
                send(
                        "{\"type\":\"commit\",\"id\":\"s\",\"ref\":\"%s\",\"offsets\":[{\"topic\":\"%s\",\"partition\":%d,\"next_offset\":%d}]}"
                                .formatted(ref, topic, partition, progress.nextOffset()));
            });
        }

        private void answered(JsonNode frame, String refusal) {
            Sent commit = sent.remove(frame.get("ref").asString());
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
            send("{\"type\":\"unsubscribe\",\"id\":\"s\"}");
            while (!leftInOrder) {
                if (!handleNext()) {
                    return;
                }
            }
        }

        @Override
        void disconnect() {
            WebSocket to = socket;
            if (to != null) {
                to.abort();
            }
        }

        private void send(String frame) {
            WebSocket to = socket;
            if (to != null) {
                try {
                    to.sendText(frame, true).join();
                } catch (CompletionException broken) {
                    // The end of the connection follows.
                }
            }
        }
    }
}
