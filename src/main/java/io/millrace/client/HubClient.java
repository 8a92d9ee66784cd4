package io.millrace.client;

import io.millrace.client.message.Query;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A client of one hub, or of a load balancer in front of several. The package documents how calls wait, fail and share
 * threads. A client has one thread and, once there is a WebSocket, a second one; create it once and close it.
 * Thread-safe.
 */
public final class HubClient implements AutoCloseable {

    private final Transport transport;
    private final SocketLoop loop;

    public HubClient(HubUrl hub) {
        this(hub, ClientSettings.DEFAULTS);
    }

    public HubClient(HubUrl hub, ClientSettings settings) {
        this(new Transport(hub, settings), new SocketLoop());
    }

    private HubClient(Transport transport, SocketLoop loop) {
        this.transport = transport;
        this.loop = loop;
    }

    public HubUrl hub() {
        return transport.hub();
    }

    public TopicCalls topics() {
        return new TopicCalls(transport);
    }

    public RecordCalls records() {
        return new RecordCalls(transport);
    }

    public GroupCalls groups() {
        return new GroupCalls(transport);
    }

    public MemberCalls members() {
        return new MemberCalls(transport);
    }

    /** Opens a WebSocket. Closing the client ends it. */
    public HubSocket socket(Subprotocol subprotocol, FrameListener listener) throws IOException, InterruptedException {
        return HubSocket.open(transport, loop, subprotocol, listener);
    }

    /**
     * Opens a WebSocket for raw messages.
     *
     * @param subprotocols to offer, in order of preference
     */
    public MessageSocket messages(List<String> subprotocols, MessageListener listener)
            throws NoAnswerException, InterruptedException {
        return MessageSocket.open(transport.hub(), transport.settings(), loop, subprotocols, listener);
    }

    /** Sends a GET request that there is no method for, such as {@code /v1/cluster}; returns any answer. */
    public Answer get(String resource) throws NoAnswerException, InterruptedException {
        return call("GET", resource, null);
    }

    /**
     * Sends a request that there is no method for, or one whose refusal is not to be thrown; returns any answer.
     *
     * @param body JSON; null for none
     */
    public Answer call(String method, String resource, byte @Nullable [] body)
            throws NoAnswerException, InterruptedException {
        return transport.exchange(
                transport.request(method, new Query(resource), body).build(),
                transport.settings().answer());
    }

    /** The same client with another timeout for answers. Closing either closes both. */
    public HubClient answering(Duration patience) {
        return new HubClient(transport.with(transport.settings().answer(patience)), loop);
    }

    /**
     * Sends a request that there is no method for, without waiting for its answer and without a timeout.
     *
     * @param headers names and values, alternating
     */
    public CompletableFuture<Answer> send(String method, String resource, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = transport.request(resource).method(method, body);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return transport.exchangeLater(request.build());
    }

    /** Ends every stream, socket and call in progress. */
    @Override
    public void close() {
        transport.close();
        loop.close();
    }
}
