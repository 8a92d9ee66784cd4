package io.millrace.faults;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The single calls of a session, each on a connection of its own and so on the hub whose turn it is. Whatever may be
 * repeated is, until it is answered.
 */
final class MemberCalls {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration REST = Duration.ofMillis(50);
    private static final int CONFLICT = 409;

    /** The hub's no to what the member has asked, as it stands. */
    static final class Refused extends Exception {

        private static final long serialVersionUID = 1;

        private final transient JsonNode problem;

        private Refused(JsonNode problem) {
            super(problem.toString());
            this.problem = problem;
        }

        String code() {
            return problem.get("code").asString();
        }

        boolean retryable() {
            return problem.get("retryable").asBoolean();
        }

        /** The places in the list of offsets that it is about; empty if about all. */
        Set<Integer> places() {
            Set<Integer> places = new HashSet<>();
            problem.path("errors")
                    .forEach(error -> places.add(
                            Integer.valueOf(error.get("pointer").asString().split("/")[2])));
            return places;
        }
    }

    /**
     * An answer.
     *
     * @param repeated whether there was an attempt before it that may have been carried out
     */
    record Answer(JsonNode body, boolean repeated) {}

    private final MemberSession session;
    private final Balancer.Entrance entrance;
    private final Duration patience;

    /** @param patience how long it waits for a hub before it asks the next one */
    MemberCalls(MemberSession session, Balancer.Entrance entrance, Duration patience) {
        this.session = session;
        this.entrance = entrance;
        this.patience = patience;
    }

    /** @param body empty for none */
    Answer call(String method, String path, String body) throws Refused, InterruptedException {
        boolean repeated = false;
        while (true) {
            HttpResponse<String> answer = attempt(method, path, body);
            if (answer != null && answer.statusCode() < 300) {
                return new Answer(JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body()), repeated);
            }
            if (answer != null) {
                Refused refusal = new Refused(JSON.readTree(answer.body()));
                if (!refusal.retryable() || answer.statusCode() == CONFLICT) {
                    throw refusal;
                }
                session.failed(refusal.code(), true);
            }
            repeated = true;
            TimeUnit.MILLISECONDS.sleep(REST.toMillis());
        }
    }

    private @Nullable HttpResponse<String> attempt(String method, String path, String body)
            throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(entrance.http(path))
                .header("Connection", "close")
                .timeout(patience);
        if (body.isEmpty()) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.method(method, BodyPublishers.ofString(body)).header("Content-Type", "application/json");
        }
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (HttpTimeoutException givenUp) {
            // The hub may still carry it out, whenever it likes.
            session.note(at -> new GroupEvent.Disturbed(at, session.id()));
            session.failed(GroupEvent.Failed.NO_ANSWER, true);
        } catch (IOException broken) {
            session.failed(GroupEvent.Failed.NO_ANSWER, true);
        }
        return null;
    }

    /** The offsets of a commit, in the order of the map. */
    static String offsets(String topic, Map<Integer, MemberSession.Progress> commits) {
        StringJoiner offsets = new StringJoiner(",", "\"offsets\":[", "]");
        commits.forEach((partition, progress) -> offsets.add(String.format(
                Locale.ROOT,
                "{\"topic\":\"%s\",\"partition\":%d,\"next_offset\":%d}",
                topic,
                partition,
                progress.nextOffset())));
        return offsets.toString();
    }
}
