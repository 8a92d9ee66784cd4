package io.millrace.apidocs;

import io.millrace.edge.Problems;
import io.millrace.http.AcceptResolver;
import io.swagger.v3.oas.annotations.Hidden;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/**
 * Serves the address that the hub logs when it has started, with links to everything else. Browsers get a page, which
 * needs neither scripts nor styles, other clients JSON.
 */
@RestController
@Hidden
class FrontPageController {

    private static final AcceptResolver ACCEPT = new AcceptResolver();

    private record Link(String name, String path, String what) {}

    private static final List<Link> LINKS = List.of(
            new Link("swagger_ui", "/swagger-ui.html", "Try the API"),
            new Link("topics", "/v1/topics", "Topics"),
            new Link("groups", "/v1/groups", "Consumer groups"),
            new Link("openapi", "/openapi", "The API as an OpenAPI document"),
            new Link("asyncapi", AsyncApiController.PATH, "The messages of WebSocket and event streams, as AsyncAPI"),
            new Link("errors", Problems.PAGE, "What each error means"),
            new Link("limits", "/v1/limits", "Limits of requests"),
            new Link("health", "/readyz", "Health"));

    private final Map<String, Object> document = new LinkedHashMap<>();
    private final String page;

    FrontPageController(ObjectProvider<BuildProperties> build) {
        String version =
                build.stream().map(BuildProperties::getVersion).findFirst().orElse("");
        document.put("name", "Millrace");
        document.put("version", version);
        Map<String, String> links = new LinkedHashMap<>();
        LINKS.forEach(link -> links.put(link.name(), link.path()));
        document.put("links", links);
        page = html(version);
    }

    @GetMapping(path = "/")
    ResponseEntity<Object> page(ServerWebExchange exchange) {
        boolean browser = prefersHtml(exchange);
        return ResponseEntity.ok()
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                .contentType(
                        browser
                                ? new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8)
                                : MediaType.APPLICATION_JSON)
                .body(browser ? page : document);
    }

    /** Browsers prefer HTML; a client without a preference, such as curl with its {@code *}{@code /*}, is a program. */
    private static boolean prefersHtml(ServerWebExchange exchange) {
        return MediaType.TEXT_HTML.equalsTypeAndSubtype(
                ACCEPT.resolveMediaTypes(exchange).getFirst());
    }

    private static String html(String version) {
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>Millrace</title>
            </head>
            <body>
            <h1>Millrace</h1>
            <p>An event hub: topics, partitions and offsets over HTTP, WebSocket and server-sent events. Version %s.</p>
            <ul>
            %s
            </ul>
            </body>
            </html>
            """.formatted(
                        version,
                        LINKS.stream()
                                .map(link -> "<li><a href=\"%s\">%s</a></li>".formatted(link.path(), link.what()))
                                .collect(Collectors.joining("\n")));
    }
}
