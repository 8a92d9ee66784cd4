package io.millrace.faults;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A well-behaved member by WebSocket: it processes record by record, commits in small steps behind that, answers a
 * revocation by committing what it has, and connects again whenever its connection ends. It waits without an end for a
 * hub that stands still.
 */
final class WsMember implements GroupMember {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration REST = Duration.ofMillis(50);
    private static final long CREDITS = 200;
    private static final int STEP = 10;

    /** Frames of one connection behind which there are no more. */
    private static final JsonNode END = JSON.readTree("{\"type\":\"end\"}");

    /** What the test wants of the client's thread. */
    private static final JsonNode WAKE = JSON.readTree("{\"type\":\"wake\"}");

    private final String name;
    private final String group;
    private final String topic;
    private final Balancer.Entrance entrance;
    private final GroupHistory history;
    private final CountDownLatch leaving = new CountDownLatch(1);
    private final Thread thread;
    private volatile Session session;
    private volatile boolean paused;

    /** Joins, and goes on in a thread of its own. */
    static WsMember start(String name, String group, String topic, Balancer balancer, GroupHistory history) {
        WsMember member = new WsMember(name, group, topic, balancer.open(), history);
        member.thread.start();
        return member;
    }

    private WsMember(String name, String group, String topic, Balancer.Entrance entrance, GroupHistory history) {
        this.name = name;
        this.group = group;
        this.topic = topic;
        this.entrance = entrance;
        this.history = history;
        this.session = new Session(name + "#0");
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    @Override
    public Optional<HubProcess> hub() {
        return Optional.ofNullable(entrance.hub());
    }

    @Override
    public String session() {
        return session.id;
    }

    @Override
    public Set<Integer> partitions() {
        return Set.copyOf(session.owned);
    }

    @Override
    public void pause() {
        history.add(at -> new GroupEvent.Disturbed(at, session.id));
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        session.frames.add(WAKE);
    }

    @Override
    public void close() throws InterruptedException {
        paused = false;
        leaving.countDown();
        session.frames.add(WAKE);
        thread.join();
    }

    private void run() {
        try {
            for (int i = 1; leaving.getCount() > 0; i++) {
                Session next = new Session(name + "#" + i);
                session = next;
                if (next.connect()) {
                    next.serve();
                }
                leaving.await(REST.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Some records of one partition that were processed and not committed yet. */
    private record Position(long epoch, long nextOffset) {}

    private record Sent(long at, int partition, long epoch, long nextOffset) {}

    /** One connection. The socket's thread receives, the member's does everything else. */
    private final class Session implements WebSocket.Listener {

        private final String id;
        private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
        private final Set<Integer> owned = java.util.concurrent.ConcurrentHashMap.newKeySet();
        private final StringBuilder text = new StringBuilder();
        private final Map<Integer, Position> uncommitted = new LinkedHashMap<>();
        private final Map<String, Sent> sent = new HashMap<>();
        private @Nullable WebSocket socket;
        private int refs;
        private boolean open = true;
        private boolean leftInOrder;
        private boolean ended;

        Session(String id) {
            this.id = id;
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
                frames.add(frame);
            }
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            end(status);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            end(GroupEvent.Ended.BROKEN);
        }

        private void end(int status) {
            ended(status);
            owned.clear();
            frames.add(END);
        }

        private synchronized void ended(int status) {
            if (!ended) {
                ended = true;
                history.add(at -> new GroupEvent.Ended(at, id, status));
            }
        }

        private void received(JsonNode frame) {
            switch (frame.get("type").asString()) {
                case "assigned" -> {
                    Map<Integer, Long> added = new HashMap<>();
                    for (JsonNode position : frame.get("partitions")) {
                        added.put(
                                position.get("partition").asInt(),
                                position.get("next_offset").asLong());
                    }
                    String member = frame.get("member_id").asString();
                    history.add(at -> new GroupEvent.Assigned(at, id, member, added));
                    owned.addAll(added.keySet());
                }
                case "records" -> {
                    int partition = frame.get("partition").asInt();
                    long epoch = frame.get("epoch").asLong();
                    for (JsonNode record : frame.get("records")) {
                        long offset = record.get("offset").asLong();
                        history.add(at -> new GroupEvent.Delivered(at, id, partition, epoch, offset));
                    }
                }
                case "revoked" -> {
                    Set<Integer> gone = partitions(frame);
                    String reason = frame.get("reason").asString();
                    history.add(at -> new GroupEvent.Revoked(at, id, gone, reason));
                    owned.removeAll(gone);
                }
                // What the hub has sent before, it has let go of by now, and may be read late.
                case "draining" -> history.add(at -> new GroupEvent.Disturbed(at, id));
                default -> {
                    // For the member's thread alone.
                }
            }
        }

        // The member's thread.

        /** False if there is no hub that takes it. */
        private boolean connect() throws InterruptedException {
            try {
                socket = HTTP.newWebSocketBuilder()
                        .subprotocols("hub.v1.json")
                        .connectTimeout(CONNECT)
                        .buildAsync(entrance.ws("/v1/ws"), this)
                        .get(2 * CONNECT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException failure) {
                ended(0);
                return false;
            }
            send("{\"type\":\"subscribe\",\"id\":\"s\",\"ref\":\"s\",\"topics\":[\"" + topic + "\"],\"group\":\""
                    + group + "\",\"from\":\"earliest\",\"credits\":" + CREDITS + "}");
            return true;
        }

        private void serve() throws InterruptedException {
            while (open) {
                JsonNode frame = frames.take();
                while (paused) {
                    TimeUnit.MILLISECONDS.sleep(5);
                }
                handle(frame);
                if (leaving.getCount() == 0) {
                    leave();
                }
            }
            Optional.ofNullable(socket).ifPresent(WebSocket::abort);
            owned.clear();
        }

        private void handle(JsonNode frame) throws InterruptedException {
            switch (frame.get("type").asString()) {
                case "records" -> process(frame);
                case "revoked" -> {
                    if (frame.get("reason").asString().equals("rebalance")) {
                        partitions(frame).forEach(this::commit);
                    }
                    partitions(frame).forEach(uncommitted::remove);
                    leftInOrder |= frame.get("reason").asString().equals("unsubscribed");
                }
                case "committed" -> answered(frame, "");
                case "error" -> {
                    String code = frame.get("problem").get("code").asString();
                    if (frame.has("ref") && sent.containsKey(frame.get("ref").asString())) {
                        answered(frame, code);
                    } else {
                        history.add(at -> new GroupEvent.Failed(at, id, code));
                        open &= !frame.has("ref");
                    }
                }
                case "end" -> open = false;
                default -> {
                    // Draining: the end will follow. Or only woken.
                }
            }
        }

        private void process(JsonNode frame) {
            int partition = frame.get("partition").asInt();
            long epoch = frame.get("epoch").asLong();
            int count = 0;
            for (JsonNode record : frame.get("records")) {
                long offset = record.get("offset").asLong();
                Mark mark = Mark.of(record.get("value"));
                history.add(at -> new GroupEvent.Processed(at, id, partition, offset, mark));
                uncommitted.put(partition, new Position(epoch, offset + 1));
                if (++count % STEP == 0) {
                    commit(partition);
                }
            }
            commit(partition);
            send("{\"type\":\"permit\",\"id\":\"s\",\"records\":" + count + "}");
        }

        private void commit(int partition) {
            Position position = uncommitted.remove(partition);
            if (position == null) {
                return;
            }
            String ref = "c" + refs++;
            sent.put(ref, new Sent(System.nanoTime(), partition, position.epoch(), position.nextOffset()));
            send(
                    "{\"type\":\"commit\",\"id\":\"s\",\"ref\":\"%s\",\"offsets\":[{\"topic\":\"%s\",\"partition\":%d,\"next_offset\":%d}]}"
                            .formatted(ref, topic, partition, position.nextOffset()));
        }

        private void answered(JsonNode frame, String refusal) {
            Sent commit = sent.remove(frame.get("ref").asString());
            if (commit != null) {
                history.add(at -> new GroupEvent.Commit(
                        at, id, commit.at(), commit.partition(), commit.epoch(), commit.nextOffset(), refusal));
            }
        }

        /** What has come is processed and committed, and what comes until the hub agrees as well. */
        private void leave() throws InterruptedException {
            for (JsonNode frame = frames.poll(); frame != null; frame = frames.poll()) {
                handle(frame);
            }
            while (open && !sent.isEmpty()) {
                handle(frames.take());
            }
            send("{\"type\":\"unsubscribe\",\"id\":\"s\"}");
            while (open && !leftInOrder) {
                handle(frames.take());
            }
            ended(0);
            open = false;
        }

        private void send(String frame) {
            WebSocket to = socket;
            if (to != null) {
                try {
                    to.sendText(frame, true).join();
                } catch (java.util.concurrent.CompletionException broken) {
                    // The end of the connection follows.
                }
            }
        }

        private static Set<Integer> partitions(JsonNode frame) {
            Set<Integer> partitions = new HashSet<>();
            frame.get("partitions")
                    .forEach(name -> partitions.add(name.get("partition").asInt()));
            return partitions;
        }
    }
}
