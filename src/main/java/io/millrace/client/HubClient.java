package io.millrace.client;

import io.millrace.client.message.Query;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One hub, or what stands in front of several. How calls wait, fail and share threads is said of the package. A client
 * costs a thread and, once there is a WebSocket, another; it is made once and closed. For any thread.
 */
public final class HubClient implements AutoCloseable {

    private final Transport transport;
    private final SocketLoop loop = new SocketLoop();

    public HubClient(HubUrl hub) {
        this(hub, ClientSettings.DEFAULTS);
    }

    public HubClient(HubUrl hub, ClientSettings settings) {
        this.transport = new Transport(hub, settings);
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
        return transport.exchange(
                transport.request("GET", new Query(resource), null).build(),
                transport.settings().answer());
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
