package io.millrace.stream.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.message.ServerSentEvents;
import io.millrace.testing.AsyncApiContract;
import io.millrace.testing.Hub;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A reader of server-sent events on a socket of its own, so that it can be cut at any byte. It checks each event
 * against the AsyncAPI document.
 */
public final class SseClient implements AutoCloseable {

    /** One event; a client resumes after it by sending {@code lastId}. */
    public record Event(String name, @Nullable String lastId, JsonNode data) {

        String type() {
            return data.path("type").asString();
        }
    }

    private static final JsonMapper JSON = new JsonMapper();
    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private final BufferedReader in;
    private final Map<String, String> headers = new HashMap<>();
    private int status;
    private final ServerSentEvents events = new ServerSentEvents();
    private ServerSentEvents.@Nullable Event ended;

    private SseClient(Hub hub, String path, @Nullable String lastId, String extraHeaders) throws IOException {
        socket = new Socket("127.0.0.1", hub.port());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        OutputStream out = socket.getOutputStream();
        String accept = extraHeaders.contains("Accept:") ? "" : "Accept: text/event-stream\r\n";
        String resume = lastId == null ? "" : "Last-Event-ID: " + lastId + "\r\n";
        out.write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + accept + resume + extraHeaders + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        InputStream raw = new BufferedInputStream(socket.getInputStream());
        Dechunked body = new Dechunked(raw);
        readHead(body);
        boolean chunked = header("transfer-encoding").equals("chunked");
        in = new BufferedReader(new InputStreamReader(chunked ? body : raw, StandardCharsets.UTF_8));
    }

    public static SseClient connect(Hub hub, String path) {
        return connect(hub, path, null);
    }

    /** A client that presents a token. */
    public static SseClient presenting(String token, Hub hub, String path) {
        return connect(hub, path, null, "Authorization: Bearer " + token + "\r\n");
    }

    static SseClient connect(Hub hub, String path, @Nullable String lastId) {
        return connect(hub, path, lastId, "");
    }

    static SseClient connect(Hub hub, String path, @Nullable String lastId, String extraHeaders) {
        try {
            return new SseClient(hub, path, lastId, extraHeaders);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void readHead(Dechunked raw) throws IOException {
        status = Integer.parseInt(raw.line().split(" ")[1]);
        for (String line = raw.line(); !line.isEmpty(); line = raw.line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
    }

    public int status() {
        return status;
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    @Nullable
    String lastId() {
        return events.lastId();
    }

    int comments() {
        return events.comments();
    }

    /** The body of a refusal, as JSON. */
    JsonNode body() throws IOException {
        char[] body = new char[Integer.parseInt(header("content-length"))];
        int length = 0;
        while (length < body.length) {
            length += in.read(body, length, body.length - length);
        }
        return JSON.readTree(new String(body));
    }

    /** Reads a line, which may be a comment; null at the end. */
    @Nullable
    String line() throws IOException {
        String line = in.readLine();
        if (line != null) {
            assertThat(line).matches("((event|id|data): |:).*|retry: [0-9]+|");
            ended = events.take(line);
        }
        return line;
    }

    /** The next event, or null at the end of the stream; fails if only comments come for too long. */
    @Nullable
    public Event next() throws IOException {
        long deadline = System.nanoTime() + 3 * TIMEOUT_MILLIS * 1_000_000L;
        while (line() != null) {
            assertThat(System.nanoTime()).as("still no event").isLessThan(deadline);
            ServerSentEvents.Event event = ended;
            if (event != null) {
                JsonNode json = JSON.readTree(event.data());
                AsyncApiContract.check(event.name(), json);
                return new Event(event.name(), event.lastId(), json);
            }
        }
        return null;
    }

    public Event nextControl(String type) throws IOException {
        Event event = next();
        assertThat(event).as("an event").isNotNull();
        assertThat(event.name()).as("%s", event).isEqualTo("control");
        assertThat(event.type()).as("%s", event).isEqualTo(type);
        return event;
    }

    public Event nextRecord() throws IOException {
        Event event = next();
        assertThat(event).as("an event").isNotNull();
        assertThat(event.name()).as("%s", event).isEqualTo("record");
        return event;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
