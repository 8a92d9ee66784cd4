package io.millrace.stream.sse;

import io.millrace.apidocs.Refuses;
import io.millrace.connection.Connections;
import io.millrace.consume.JoinTerms;
import io.millrace.edge.QueryParameters;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.event.Violation;
import io.millrace.group.GroupName;
import io.millrace.group.MemberProtocol;
import io.millrace.http.Answers;
import io.millrace.http.BodyWriter;
import io.millrace.http.Callers;
import io.millrace.security.Caller;
import io.millrace.stream.StreamServices;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Server-sent events. Requests are checked before the response begins, so that a refusal has an HTTP status. */
@RestController
@Tag(name = "Streams")
final class SseController {

    private static final Set<String> MEMBER_PARAMETERS =
            Stream.concat(JoinTerms.FIELDS.stream(), Stream.of(Callers.TICKET)).collect(Collectors.toUnmodifiableSet());

    private final StreamServices services;

    SseController(StreamServices services) {
        this.services = services;
    }

    @GetMapping(path = "/v1/topics/{topic}/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Refuses({
        HubError.UNKNOWN_TOPIC,
        HubError.UNKNOWN_PARTITION,
        HubError.OFFSET_EXPIRED,
        HubError.CURSOR_EXPIRED,
        HubError.DRAINING
    })
    @EventStreamOperation
    Mono<Void> stream(
            @Parameter(example = "flights") @PathVariable String topic,
            Caller caller,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        services.streams().checkOpen();
        ServerHttpRequest request = exchange.getRequest();
        refuseHead(request);
        SseTopicRequest asked = SseTopicRequest.of(topic, request);
        return stream(new SseTopicStream(services, caller, asked, Connections.of(exchange.getResponse())), exchange);
    }

    @GetMapping(path = "/v1/groups/{group}/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Refuses({HubError.UNKNOWN_TOPIC, HubError.INCONSISTENT_ASSIGNOR, HubError.DRAINING})
    @GroupStreamOperation
    Mono<Void> streamGroup(
            @Parameter(example = "dashboard") @PathVariable String group,
            Caller caller,
            @Parameter(hidden = true) ServerWebExchange exchange) {
        services.streams().checkOpen();
        refuseHead(exchange.getRequest());
        GroupName.check(group, new Place.Parameter("group"));
        JoinTerms asked =
                JoinTerms.of(group, MemberProtocol.SSE, QueryParameters.of(exchange.getRequest(), MEMBER_PARAMETERS));
        if (asked.autoCommit()) {
            checkIntended(exchange.getRequest());
        }
        SseStream stream = new SseGroupStream(services, caller, asked, Connections.of(exchange.getResponse()));
        return stream(stream, exchange).onErrorMap(HubException.class, SseController::inQuery);
    }

    /** Turns the fields that the group refused into parameters of the query. */
    private static HubException inQuery(HubException refusal) {
        List<Violation> places = refusal.violations().stream()
                .map(wrong -> wrong.at(inQuery(wrong.place())))
                .toList();
        return places.isEmpty() ? refusal : refusal.with(places);
    }

    private static Place inQuery(Place place) {
        return place instanceof Place.Field field && !field.path().isEmpty()
                ? new Place.Parameter(field.path().getFirst())
                : place;
    }

    private static Mono<Void> stream(SseStream stream, ServerWebExchange exchange) {
        return Answers.of(stream.open(), exchange.getResponse())
                .then(Mono.defer(() -> write(exchange.getResponse(), stream.chunks())))
                .doFinally(_ -> stream.disconnected());
    }

    private static Mono<Void> write(ServerHttpResponse response, SseChunks chunks) {
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(MediaType.TEXT_EVENT_STREAM);
        headers.setCacheControl(CacheControl.noStore());
        headers.set("X-Accel-Buffering", "no"); // proxies that buffer responses would hold events back
        return BodyWriter.begin(response).flatMap(chunks::writeTo);
    }

    /**
     * A GET that commits must be intended: an image or a link on any page can request the path too, and accepts
     * anything. Event streams name the type, as browsers' event sources do.
     */
    private static void checkIntended(ServerHttpRequest request) {
        if (!request.getHeaders().getAccept().contains(MediaType.TEXT_EVENT_STREAM)) {
            throw new HubException(
                    HubError.NOT_ACCEPTABLE, "commit=auto needs the header Accept: text/event-stream, literally");
        }
    }

    private static void refuseHead(ServerHttpRequest request) {
        if (request.getMethod() != HttpMethod.GET) {
            throw new MethodNotAllowedException(request.getMethod(), Set.of(HttpMethod.GET));
        }
    }
}
