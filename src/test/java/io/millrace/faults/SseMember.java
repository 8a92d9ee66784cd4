package io.millrace.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A well-behaved member by server-sent events, which connects again whenever its stream ends. It commits by calls of
 * their own, that any hub may get. When its hub goes away it commits what it has received and leaves the stream.
 */
final class SseMember extends SteadyMember {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration CONNECT = Duration.ofSeconds(3);

    private final String group;
    private final String topic;
    private final Balancer.Entrance streams;
    private final Balancer.Entrance calls;
    private final Duration patience;

    /**
     * @param streams where it connects
     * @param calls where it commits
     * @param patience how long it waits for the answer to a commit
     */
    SseMember(
            String name,
            String group,
            String topic,
            Balancer.Entrance streams,
            Balancer.Entrance calls,
            Duration patience,
            GroupHistory history) {
        super(name, history);
        this.group = group;
        this.topic = topic;
        this.streams = streams;
        this.calls = calls;
        this.patience = patience;
    }

    @Override
    public Optional<HubProcess> hub() {
        return Optional.ofNullable(streams.hub());
    }

    @Override
    MemberSession begin(String id) {
        return new Session(id);
    }

    private final class Session extends StreamSession {

        private final MemberCalls commits = new MemberCalls(this, calls, patience);
        private @Nullable InputStream stream;
        private String memberId = "";
        private boolean drained;

        Session(String id) {
            super(id, SseMember.this);
        }

        // The stream's thread.

        private void read(InputStream from) {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
                boolean record = false;
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("event: ")) {
                        record = line.equals("event: record");
                    } else if (line.startsWith("data: ")) {
                        JsonNode data = JSON.readTree(line.substring(6));
                        received(record ? records(data) : data);
                    }
                }
            } catch (IOException broken) {
                // As good as the end.
            }
            disconnected(drained ? GroupEvent.Ended.GOING_AWAY : GroupEvent.Ended.BROKEN);
        }

        /** A frame as other protocols have it. */
        private static JsonNode records(JsonNode record) {
            ObjectNode frame = JSON.createObjectNode();
            frame.put("type", "records");
            frame.set("partition", record.get("partition"));
            frame.set("epoch", record.get("epoch"));
            frame.putArray("records").add(record);
            return frame;
        }

        @Override
        void draining() {
            drained = true;
            revoked(owned(), GroupEvent.Revoked.DRAINING);
        }

        // The member's thread.

        @Override
        boolean connect() throws InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(
                            streams.http("/v1/groups/" + group + "/stream?topics=" + topic + "&from=earliest"))
                    .timeout(CONNECT)
                    .build();
            try {
                HttpResponse<InputStream> answer = HTTP.send(request, BodyHandlers.ofInputStream());
                if (answer.statusCode() != 200) {
                    try (InputStream body = answer.body()) {
                        JsonNode problem = JSON.readTree(body.readAllBytes());
                        failed(
                                problem.get("code").asString(),
                                problem.get("retryable").asBoolean());
                    }
                    return false;
                }
                stream = answer.body();
                Thread.ofVirtual().name(id()).start(() -> read(answer.body()));
                return true;
            } catch (IOException noAnswer) {
                failed(GroupEvent.Failed.NO_ANSWER, true);
                return false;
            }
        }

        @Override
        void handleOther(String type, JsonNode frame) throws InterruptedException {
            switch (type) {
                case "assigned" -> memberId = frame.get("member_id").asString();
                case "draining" -> finish();
                case "error" -> {
                    JsonNode problem = frame.get("problem");
                    failed(
                            problem.get("code").asString(),
                            problem.get("retryable").asBoolean());
                }
                default -> {
                    // Only woken.
                }
            }
        }

        @Override
        void permit(int records) {
            // TCP does that.
        }

        @Override
        void commit() throws InterruptedException {
            Map<Integer, Progress> left = takeUncommitted();
            while (!left.isEmpty()) {
                long sent = System.nanoTime();
                Set<Integer> refused = Set.copyOf(left.keySet());
                String code = "";
                try {
                    commits.call("POST", path() + "/offsets", "{" + MemberCalls.offsets(topic, left) + "}");
                } catch (MemberCalls.Refused refusal) {
                    code = refusal.code();
                    refused = named(left, refusal);
                }
                for (int partition : refused) {
                    answered(sent, partition, left.get(partition), code);
                }
                left.keySet().removeAll(refused);
            }
        }

        private static Set<Integer> named(Map<Integer, Progress> commits, MemberCalls.Refused refusal) {
            List<Integer> partitions = new ArrayList<>(commits.keySet());
            Set<Integer> places = refusal.places();
            return places.isEmpty()
                    ? Set.copyOf(partitions)
                    : Set.copyOf(places.stream().map(partitions::get).toList());
        }

        private String path() {
            return "/v1/groups/" + group + "/members/" + memberId;
        }

        @Override
        void leave() {
            // The end of the stream says so.
        }

        @Override
        void disconnect() {
            InputStream from = stream;
            if (from != null) {
                try {
                    from.close();
                } catch (IOException alreadyGone) {
                    // As intended.
                }
            }
        }
    }
}
