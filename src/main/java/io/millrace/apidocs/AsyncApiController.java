package io.millrace.apidocs;

import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves the AsyncAPI document of the messages on WebSocket connections and event streams, which OpenAPI cannot
 * describe.
 */
@RestController
@Hidden
class AsyncApiController {

    static final String PATH = "/asyncapi.yaml";

    private final Resource document = new ClassPathResource("asyncapi.yaml", AsyncApiController.class);

    @GetMapping(path = PATH, produces = MediaType.APPLICATION_YAML_VALUE)
    Resource document() {
        return document;
    }
}
