package io.millrace.rest;

import io.millrace.cluster.ClusterAdmin;
import io.millrace.edge.QueryParameters;
import io.millrace.http.Blocking;
import io.millrace.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Shows operators which nodes and database servers are there. */
@RestController
@Tag(name = "Cluster")
class ClusterController {

    private final ClusterAdmin cluster;

    ClusterController(ClusterAdmin cluster) {
        this.cluster = cluster;
    }

    @GetMapping(path = "/v1/cluster", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "describeCluster", summary = "Describe the nodes that share the database, and its servers")
    Mono<ClusterViews.ClusterView> describe(Caller caller, @Parameter(hidden = true) ServerHttpRequest request) {
        QueryParameters.of(request, Set.of());
        return Blocking.call(() -> ClusterViews.of(cluster.describe(caller)));
    }
}
