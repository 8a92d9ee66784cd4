package io.millrace.faults;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A connection over which the hub sends frames. The connection's thread receives, the member's does everything else: it
 * processes record by record, commits in small steps behind that, and commits what it has when it is asked to let go.
 */
abstract class StreamSession extends MemberSession {

    static final JsonMapper JSON = new JsonMapper();

    private static final int STEP = 10;

    /** Behind it there are no more frames. */
    private static final JsonNode END = JSON.readTree("{\"type\":\"end\"}");

    /** What the test wants of the member's thread. */
    private static final JsonNode WAKE = JSON.readTree("{\"type\":\"wake\"}");

    private final SteadyMember member;
    private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
    private boolean open = true;
    private int processed;

    StreamSession(String id, SteadyMember member) {
        super(id, member.history());
        this.member = member;
    }

    /** False if there is no hub that takes it. */
    abstract boolean connect() throws InterruptedException;

    /** Commits what has been processed. */
    abstract void commit() throws InterruptedException;

    /** So many records were processed. */
    abstract void permit(int records);

    /** The hub is going away. Called by the connection's thread. */
    abstract void draining();

    /** A frame that the protocols handle each in their way. */
    abstract void handleOther(String type, JsonNode frame) throws InterruptedException;

    /** Lets the hub know that the member leaves; all that it has sent so far is committed. */
    abstract void leave() throws InterruptedException;

    abstract void disconnect();

    // The connection's thread.

    final void received(JsonNode frame) {
        switch (frame.get("type").asString()) {
            case "assigned" -> {
                Map<Integer, Long> added = new HashMap<>();
                for (JsonNode position : frame.get("partitions")) {
                    added.put(
                            position.get("partition").asInt(),
                            position.get("next_offset").asLong());
                }
                assigned(frame.get("member_id").asString(), added);
            }
            case "records" ->
                delivered(frame.get("partition").asInt(), frame.get("epoch").asLong(), frame.get("records"));
            case "revoked" -> revoked(partitions(frame), frame.get("reason").asString());
            case "draining" -> draining();
            default -> {
                // For the member's thread alone.
            }
        }
        frames.add(frame);
    }

    final void disconnected(int status) {
        ended(status);
        frames.add(END);
    }

    // The member's thread.

    @Override
    final void wake() {
        frames.add(WAKE);
    }

    @Override
    final void run() throws InterruptedException {
        if (!connect()) {
            ended(0);
            return;
        }
        while (open) {
            JsonNode frame = frames.take();
            member.awaitResumed();
            handle(frame);
            if (frames.isEmpty()) {
                commit();
            }
            if (open && member.leaving()) {
                finish();
            }
        }
        disconnect();
    }

    /** Processes and commits what has come, and leaves. */
    final void finish() throws InterruptedException {
        for (JsonNode frame = frames.poll(); frame != null; frame = frames.poll()) {
            handle(frame);
        }
        commit();
        if (open) {
            leave();
        }
        ended(0);
        open = false;
    }

    /** Handles the next frame; false if there will be none. */
    final boolean handleNext() throws InterruptedException {
        handle(frames.take());
        return open;
    }

    final void end() {
        open = false;
    }

    private void handle(JsonNode frame) throws InterruptedException {
        String type = frame.get("type").asString();
        switch (type) {
            case "records" -> process(frame);
            case "revoked" -> {
                if (frame.get("reason").asString().equals(GroupEvent.Revoked.ASKED)) {
                    commit();
                }
                forget(partitions(frame));
                handleOther(type, frame);
            }
            case "end" -> open = false;
            default -> handleOther(type, frame);
        }
    }

    private void process(JsonNode frame) throws InterruptedException {
        int count = 0;
        for (JsonNode record : frame.get("records")) {
            process(frame.get("partition").asInt(), frame.get("epoch").asLong(), record);
            count++;
            if (++processed % STEP == 0) {
                commit();
            }
        }
        permit(count);
    }

    private static Set<Integer> partitions(JsonNode frame) {
        Set<Integer> partitions = new HashSet<>();
        frame.get("partitions")
                .forEach(name -> partitions.add(name.get("partition").asInt()));
        return partitions;
    }
}
