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
 * One hub, or what stands in front of several. How calls wait, fail and share threads is said of the package. A client
 * costs a thread and, once there is a WebSocket, another; it is made once and closed. For any thread.
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
     * Opens a WebSocket for messages as they come.
     *
     * @param subprotocols that are offered, the preferred one first
     */
    public MessageSocket messages(List<String> subprotocols, MessageListener listener)
            throws NoAnswerException, InterruptedException {
        return MessageSocket.open(transport.hub(), transport.settings(), loop, subprotocols, listener);
    }

    /** GETs what there is no method for, such as {@code /actuator/info}; any answer. */
    public Answer get(String resource) throws NoAnswerException, InterruptedException {
        return call("GET", resource, null);
    }

    /**
     * Asks for what there is no method for, or for any answer to what there is one for.
     *
     * @param body JSON; null for none
     */
    public Answer call(String method, String resource, byte @Nullable [] body)
            throws NoAnswerException, InterruptedException {
        return transport.exchange(
                transport.request(method, new Query(resource), body).build(),
                transport.settings().answer());
    }

    /** The same client, which waits for answers so long. Either is closed with the other. */
    public HubClient answering(Duration patience) {
        return new HubClient(transport.with(transport.settings().answer(patience)), loop);
    }

    /**
     * Sends what there is no method for. The answer is not waited for, and there is no timeout.
     *
     * @param headers names and values in turn
     */
    public CompletableFuture<Answer> send(String method, String resource, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = transport.request(resource).method(method, body);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return transport.exchangeLater(request.build());
    }

    /** Ends every stream, socket and call that is under way. */
    @Override
    public void close() {
        transport.close();
        loop.close();
    }
}
