package io.millrace.rest.topic;

import io.millrace.apidocs.Refuses;
import io.millrace.edge.QueryParameters;
import io.millrace.erasure.Erasure;
import io.millrace.erasure.ErasureAdmin;
import io.millrace.event.HubError;
import io.millrace.http.Blocking;
import io.millrace.rest.topic.RetentionViews.ErasureView;
import io.millrace.retention.RetentionAdmin;
import io.millrace.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Erases keys, and shows how far that is. */
@RestController
@RequestMapping("/v1/topics/{topic}")
@Tag(name = "Removal")
class ErasureController {

    private final ErasureAdmin erasures;
    private final RetentionAdmin retention;

    ErasureController(ErasureAdmin erasures, RetentionAdmin retention) {
        this.erasures = erasures;
        this.retention = retention;
    }

    @DeleteMapping(path = "/keys/{key}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Refuses(HubError.UNKNOWN_TOPIC)
    @Operation(
            operationId = "eraseKey",
            summary = "Erase every record of a key",
            responses =
                    @ApiResponse(
                            responseCode = "202",
                            description = "Asked for; the Location shows how far it is",
                            headers = @Header(name = "Location", required = true, schema = @Schema(type = "string")),
                            useReturnTypeSchema = true),
            description =
                    "Every record of the key that the topic has now, in any partition, is physically gone from the"
                        + " database after the cleaner's next rounds. Its offset is then skipped; if it is its"
                        + " partition's last, a record with neither key nor value stays there. Records of the key that"
                        + " come later stay. Backups and the archived WAL are not touched.")
    Mono<ResponseEntity<ErasureView>> erase(
            @Parameter(example = "flights") @PathVariable String topic,
            @Parameter(
                            example = "JFK",
                            description = "The bytes of the key; those that are not allowed in a path are"
                                    + " percent-encoded, whether they are text or not",
                            schema = @Schema(type = "string", minLength = 1))
                    @PathVariable
                    String key,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        byte[] bytes = lastSegment(request);
        return Blocking.call(() -> {
            Erasure erasure = erasures.request(caller, topic, bytes);
            return ResponseEntity.accepted()
                    .location(URI.create("/v1/topics/" + topic + "/erasures/" + erasure.id()))
                    .body(RetentionViews.of(topic, erasure, retention.cleaner()));
        });
    }

    @GetMapping(path = "/erasures/{erasure}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Refuses({HubError.UNKNOWN_TOPIC, HubError.UNKNOWN_ERASURE})
    @Operation(operationId = "describeErasure", summary = "Show how far the erasing of a key is")
    Mono<ErasureView> describe(
            @Parameter(example = "flights") @PathVariable String topic,
            @Parameter(example = "1", schema = @Schema(type = "integer", format = "int64", minimum = "1")) @PathVariable
                    long erasure,
            Caller caller,
            @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        return Blocking.call(
                () -> RetentionViews.of(topic, erasures.find(caller, topic, erasure), retention.cleaner()));
    }

    /** Spring decodes paths as UTF-8, and takes what follows a semicolon for a parameter; a key may be any bytes. */
    private static byte[] lastSegment(ServerHttpRequest request) {
        String path = request.getURI().getRawPath();
        String segment = path.substring(path.lastIndexOf('/') + 1);
        return StringUtils.uriDecode(segment, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
    }
}
