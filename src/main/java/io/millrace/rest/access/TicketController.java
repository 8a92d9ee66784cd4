package io.millrace.rest.access;

import io.millrace.access.Tickets;
import io.millrace.edge.QueryParameters;
import io.millrace.http.Blocking;
import io.millrace.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Set;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Tickets for streams of browsers. */
@RestController
@Tag(name = "Access")
class TicketController {

    private final Tickets tickets;

    TicketController(Tickets tickets) {
        this.tickets = tickets;
    }

    @PostMapping(path = "/v1/tickets", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "createTicket",
            summary = "Create a ticket, by which a browser opens one stream",
            description = "EventSource and WebSocket cannot send headers, and a key does not belong into a URL. The"
                    + " stream gets the ticket as its parameter ticket; it ends when the caller's credential does.",
            responses = @ApiResponse(responseCode = "201", description = "Created", useReturnTypeSchema = true))
    Mono<ResponseEntity<AccessViews.TicketView>> create(
            Caller caller, @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        return Blocking.call(() -> ResponseEntity.status(HttpStatus.CREATED)
                .cacheControl(CacheControl.noStore())
                .body(AccessViews.TicketView.of(tickets.issue(caller))));
    }
}
