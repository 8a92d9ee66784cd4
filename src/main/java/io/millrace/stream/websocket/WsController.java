package io.millrace.stream.websocket;

import io.millrace.connection.Connections;
import io.millrace.security.Caller;
import io.millrace.stream.StreamMetrics;
import io.millrace.stream.StreamServices;
import io.millrace.stream.websocket.frame.AgreedTerms;
import io.millrace.stream.websocket.frame.DeflateOffer;
import io.millrace.stream.websocket.frame.Deflation;
import io.millrace.stream.websocket.frame.MessageInflater;
import io.millrace.stream.websocket.frame.Subprotocol;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.Arrays;
import java.util.List;
import org.reactivestreams.Publisher;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;

/**
 * The WebSocket endpoint. WebFlux does the handshake; from then on frames go directly between the channel and a
 * {@link WsConnection}: only the channel shows what a client has taken.
 *
 * <p>The first supported subprotocol that the client names is taken. A client that names none gets
 * {@link Subprotocol#JSON}; one that names only unsupported ones is refused.
 */
@RestController
@Hidden // described in openapi/asyncapi.yaml
final class WsController {

    private static final String OFFERED = "Sec-WebSocket-Protocol";
    private static final int TURN_BYTES = 16 * 1024;

    private final StreamServices services;
    private final Deflation deflation = new Deflation();

    WsController(StreamServices services) {
        this.services = services;
    }

    @GetMapping("/v1/ws")
    Mono<Void> connect(Caller caller, ServerWebExchange exchange) {
        services.streams().checkOpen();
        HttpHeaders headers = exchange.getRequest().getHeaders();
        Handshake.check(exchange);
        List<String> offered = headers.getOrEmpty(OFFERED).stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .map(String::strip)
                .toList();
        Subprotocol subprotocol = offered.isEmpty() ? Subprotocol.JSON : Subprotocol.firstOf(offered);
        if (subprotocol == null) {
            throw Handshake.refusal(
                    OFFERED,
                    "the supported subprotocols are " + Subprotocol.JSON.token() + " and "
                            + Subprotocol.BINARY.token());
        }
        ServerHttpResponse response = exchange.getResponse();
        String deflate = services.properties().websocketCompression()
                ? DeflateOffer.answer(headers.getOrEmpty(DeflateOffer.HEADER))
                : null;
        if (deflate != null) {
            response.getHeaders().set(DeflateOffer.HEADER, deflate);
        }
        AgreedTerms terms = new AgreedTerms(subprotocol, deflate == null ? null : deflation);
        HttpServerResponse server = ServerHttpResponseDecorator.getNativeResponse(response);
        WebsocketServerSpec.Builder spec = WebsocketServerSpec.builder().maxFramePayloadLength(hardLimit());
        if (!offered.isEmpty()) {
            spec.protocols(subprotocol.token()); // given one, Reactor Netty leaves a client without an offer unanswered
        }
        return response.setComplete()
                .then(Mono.defer(() -> Connections.of(response).isActive()
                        ? server.sendWebsocket((in, out) -> attach(in, caller, terms), spec.build())
                        : Mono.empty()));
    }

    private Publisher<Void> attach(WebsocketInbound in, Caller caller, AgreedTerms terms) {
        in.withConnection(connection -> attach(connection, caller, terms));
        return Mono.never(); // ends with the connection
    }

    private void attach(Connection connection, Caller caller, AgreedTerms terms) {
        Channel channel = connection.channel();
        WsConnection client = new WsConnection(channel, caller, services, terms, hardLimit());
        boolean deflated = terms.deflation() != null;
        MessageInflater inflater = deflated ? new MessageInflater(client.share(), hardLimit()) : null;
        MessageReader messages = new MessageReader(client, client.producer(), services);
        connection.addHandlerLast("millrace.frames", new WsHandler(client, messages, hardLimit(), inflater));
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.replace(
                WebSocket13FrameDecoder.class, "millrace.decoder", new HeldFrameDecoder(client, hardLimit(), deflated));
        services.metrics().connected(StreamMetrics.Protocol.WEBSOCKET, 1);
        services.streams().add(client);
        channel.closeFuture().addListener(_ -> client.closed());
        channel.config().setRecvByteBufAllocator(turn());
        channel.config().setAutoRead(true);
    }

    /**
     * What is read of a connection before its event loop turns to the next: at most {@value #TURN_BYTES} bytes. Netty's
     * own bound is 1 MB, which holds 150,000 frames of a byte: half a second.
     */
    private static RecvByteBufAllocator turn() {
        return new AdaptiveRecvByteBufAllocator(512, 2048, TURN_BYTES).maxMessagesPerRead(1);
    }

    /** Beyond this a frame is not read: the decoder closes the connection with 1009. */
    private int hardLimit() {
        return Math.toIntExact(services.properties().maxFrame().toBytes() * 5 / 4);
    }
}
