package io.millrace.process;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Requests of every kind, all at once, as the first ones that a hub gets. The first thread that needs a class loads it,
 * so threads contend in the class loader here. Uses the JDK's client, since it also requests pages that are not part of
 * the API.
 */
final class FirstRequests {

    /** Generous: one core answers a thousand requests cold. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String TOPIC = "first-requests";
    private static final String JSON = "application/json";
    private static final Pattern MEMBER = Pattern.compile("\"member_id\":\"([^\"]+)\"");
    private static final Pattern PAGE_PART = Pattern.compile("(?:href|src)=\"(\\./[^\"]+)\"");

    private final URI hub;

    /** Distinguishes the topics of this run from those that an earlier run may have left. */
    private final String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    FirstRequests(URI hub) {
        this.hub = hub;
    }

    /** One kind of request, or a sequence of a few; the number distinguishes those of one kind. */
    @FunctionalInterface
    private interface Kind {
        void ask(int number) throws Exception;
    }

    /** Creates what the requests need: a topic with a record in it. */
    void prepare() throws Exception {
        expect(201, send("POST", "/v1/topics", JSON, "{\"name\":\"" + TOPIC + "\",\"partitions\":2}"));
        expect(200, send("POST", records(TOPIC), JSON, "{\"records\":[{\"partition\":0,\"value\":1}]}"));
    }

    /**
     * Sends a number of requests at once.
     *
     * @return the failures by kind of request; empty if all were answered as expected
     */
    Map<String, String> askAll(int count) throws InterruptedException {
        List<Map.Entry<String, Kind>> kinds = List.copyOf(kinds().entrySet());
        Map<String, String> failures = new TreeMap<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> answers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                Kind kind = kinds.get(i % kinds.size()).getValue();
                answers.add(clients.submit(() -> {
                    kind.ask(number);
                    return null;
                }));
            }
            for (int i = 0; i < count; i++) {
                try {
                    answers.get(i).get(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS);
                } catch (Exception failure) {
                    failures.put(kinds.get(i % kinds.size()).getKey(), String.valueOf(failure.getCause()));
                }
            }
            clients.shutdownNow();
        }
        return failures;
    }

    private Map<String, Kind> kinds() {
        Map<String, Kind> kinds = new TreeMap<>();
        kinds.put("a topic's life", this::topicLife);
        kinds.put("list topics", _ -> get("/v1/topics?limit=10"));
        kinds.put("describe a topic", _ -> get("/v1/topics/" + TOPIC));
        kinds.put("produce JSON", _ -> produce(JSON, "{\"records\":[{\"key\":\"k\",\"value\":{\"a\":1}}]}"));
        kinds.put(
                "produce NDJSON", _ -> produce("application/x-ndjson", "{\"key\":\"k\",\"value\":2}\n{\"value\":3}\n"));
        kinds.put("produce text", _ -> produce("text/plain", "three"));
        kinds.put("produce bytes", _ -> produce("application/octet-stream", "four"));
        kinds.put("read", _ -> get(records(TOPIC + "/partitions/0") + "?offset=0"));
        kinds.put("read by time", _ -> get(records(TOPIC + "/partitions/0") + "?timestamp=1&limit=1"));
        kinds.put("long poll", this::longPoll);
        kinds.put(
                "read NDJSON",
                _ -> expect(
                        200,
                        send(request(records(TOPIC + "/partitions/0") + "?offset=0")
                                .header("Accept", "application/x-ndjson"))));
        kinds.put("event stream", _ -> eventStream("/v1/topics/" + TOPIC + "/stream?from=earliest"));
        kinds.put(
                "event stream of a group",
                number -> eventStream("/v1/groups/sse-" + number + "/stream?topics=" + TOPIC + "&from=earliest"));
        kinds.put(
                "WebSocket",
                _ -> webSocket(
                        "hub.v1.json",
                        "{\"type\":\"produce\",\"ref\":\"1\",\"topic\":\"" + TOPIC + "\",\"records\":[{\"value\":5}]}",
                        "{\"type\":\"subscribe\",\"id\":\"s\",\"topic\":\"" + TOPIC
                                + "\",\"partitions\":[{\"partition\":0,\"next_offset\":0}],\"credits\":1}"));
        kinds.put(
                "WebSocket, binary",
                _ -> webSocket(
                        "hub.v1.bin",
                        "{\"type\":\"subscribe\",\"id\":\"s\",\"topic\":\"" + TOPIC
                                + "\",\"partitions\":[{\"partition\":0,\"next_offset\":0}],\"credits\":1}"));
        kinds.put(
                "WebSocket of a group",
                number -> webSocket(
                        "hub.v1.json",
                        "{\"type\":\"subscribe\",\"id\":\"s\",\"topics\":[\"" + TOPIC + "\"],\"group\":\"ws-" + number
                                + "\",\"from\":\"earliest\",\"credits\":1}"));
        kinds.put("member of a group", this::member);
        kinds.put("list groups", _ -> get("/v1/groups"));
        addRefused(kinds);
        kinds.put("limits", _ -> get("/v1/limits"));
        kinds.put("OpenAPI", _ -> get("/openapi"));
        kinds.put("errors' page", _ -> get("/docs/errors"));
        kinds.put("health", _ -> get("/readyz"));
        kinds.put("liveness", _ -> get("/livez"));
        kinds.put("Swagger UI", _ -> swaggerUi());
        return kinds;
    }

    private void addRefused(Map<String, Kind> kinds) {
        kinds.put("unknown group", _ -> expect(404, send(request("/v1/groups/nobody"))));
        kinds.put(
                "unknown topic",
                _ -> expect(404, send("POST", records("nothing"), JSON, "{\"records\":[{\"value\":1}]}")));
        kinds.put("unknown path", _ -> expect(404, send(request("/nowhere"))));
        kinds.put("wrong method", _ -> expect(405, send("DELETE", "/v1/limits", JSON, "")));
        kinds.put("wrong body", _ -> expect(400, send("POST", "/v1/topics", JSON, "{\"name\":1}")));
        kinds.put("wrong parameter", _ -> expect(400, send(request("/v1/topics?limit=x"))));
    }

    private void topicLife(int number) throws Exception {
        String name = "life-" + run + "-" + number;
        expect(201, send("POST", "/v1/topics", JSON, "{\"name\":\"" + name + "\",\"partitions\":3}"));
        expect(200, send("PATCH", "/v1/topics/" + name, "application/merge-patch+json", "{\"partitions\":4}"));
        expect(204, send("DELETE", "/v1/topics/" + name, JSON, ""));
    }

    private void longPoll(int number) throws Exception {
        String description = get("/v1/topics/" + TOPIC);
        Matcher ends = Pattern.compile("\"next_offset\":(\\d+)").matcher(description);
        if (!ends.find()) {
            throw new AssertionError(description);
        }
        get(records(TOPIC + "/partitions/0") + "?wait=1s&offset=" + ends.group(1));
    }

    private void member(int number) throws Exception {
        String group = "/v1/groups/rest-" + number;
        String joined = expect(
                201,
                send(
                        "POST",
                        group + "/members",
                        JSON,
                        "{\"topics\":[\"" + TOPIC + "\"],\"from\":\"earliest\",\"session_timeout_ms\":60000}"));
        Matcher member = MEMBER.matcher(joined);
        if (!member.find()) {
            throw new AssertionError(joined);
        }
        String path = group + "/members/" + member.group(1);
        String read = get(path + "/records?wait=5s");
        Matcher epoch = Pattern.compile("\"epoch\":(\\d+)").matcher(read);
        if (epoch.find()) {
            expect(
                    200,
                    send(
                            "POST",
                            path + "/offsets",
                            JSON,
                            "{\"offsets\":[{\"topic\":\"" + TOPIC + "\",\"partition\":0,\"epoch\":" + epoch.group(1)
                                    + ",\"next_offset\":1}]}"));
        }
        expect(200, send("POST", path + "/heartbeat", JSON, ""));
        get(group);
        get(group + "/offsets");
        expect(204, send("DELETE", path, JSON, ""));
        expect(200, send("PATCH", group + "/offsets?dry_run=true", JSON, "{\"to\":\"earliest\"}"));
        expect(204, send("DELETE", group, JSON, ""));
    }

    private void eventStream(String path) throws Exception {
        HttpResponse<Stream<String>> answer = http.send(request(path).build(), BodyHandlers.ofLines());
        try (Stream<String> lines = answer.body()) {
            if (answer.statusCode() != 200 || lines.noneMatch(line -> line.equals("event: record"))) {
                throw new AssertionError(path + ": " + answer.statusCode());
            }
        }
    }

    private void webSocket(String subprotocol, String... frames) throws Exception {
        CompletableFuture<Void> records = new CompletableFuture<>();
        WebSocket socket = http.newWebSocketBuilder()
                .subprotocols(subprotocol)
                .connectTimeout(PATIENCE)
                .buildAsync(URI.create("ws" + hub.toString().substring(4) + "/v1/ws"), new WebSocket.Listener() {
                    private final StringBuilder text = new StringBuilder();

                    @Override
                    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                        from.request(1);
                        text.append(data);
                        if (last && text.indexOf("\"type\":\"records\"") >= 0) {
                            records.complete(null);
                        }
                        if (last && text.indexOf("\"type\":\"error\"") >= 0) {
                            records.completeExceptionally(new AssertionError(text));
                        }
                        if (last) {
                            text.setLength(0);
                        }
                        return null;
                    }

                    @Override
                    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
                        from.request(1);
                        records.complete(null);
                        return null;
                    }

                    @Override
                    public void onError(WebSocket from, Throwable error) {
                        records.completeExceptionally(error);
                    }

                    @Override
                    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
                        records.completeExceptionally(new AssertionError("closed with " + status));
                        return null;
                    }
                })
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        try {
            for (String frame : frames) {
                socket.sendText(frame, true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            records.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } finally {
            socket.abort();
        }
    }

    private void swaggerUi() throws Exception {
        HttpResponse<String> moved = send(request("/swagger-ui.html"));
        String path = moved.statusCode() == 302
                ? moved.headers().firstValue("Location").orElseThrow()
                : "/swagger-ui.html";
        String page = get(path);
        Matcher part = PAGE_PART.matcher(page);
        while (part.find()) {
            get(path.substring(0, path.lastIndexOf('/')) + part.group(1).substring(1));
        }
    }

    private void produce(String type, String body) throws Exception {
        expect(200, send("POST", records(TOPIC), type, body));
    }

    private String get(String path) throws Exception {
        return expect(200, send(request(path)));
    }

    private static String records(String of) {
        return "/v1/topics/" + of + "/records";
    }

    private static String expect(int status, HttpResponse<String> answer) {
        if (answer.statusCode() != status) {
            throw new AssertionError(
                    answer.request().method() + " " + answer.uri() + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private HttpResponse<String> send(String method, String path, String type, String body) throws Exception {
        return send(request(path).header("Content-Type", type).method(method, BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(hub + path)).timeout(PATIENCE);
    }

    /** To be run by hand, with the hub's address and the number of requests. */
    static void main(String[] arguments) throws Exception {
        FirstRequests requests = new FirstRequests(URI.create(arguments[0]));
        if (arguments[1].equals("prepare")) {
            requests.prepare();
            return;
        }
        long began = System.nanoTime();
        Map<String, String> failures = requests.askAll(Integer.parseInt(arguments[1]));
        System.out.println(failures.isEmpty() ? "all answered" : failures);
        System.out.println(Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
        System.exit(failures.isEmpty() ? 0 : 1);
    }
}
