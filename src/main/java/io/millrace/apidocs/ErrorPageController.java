package io.millrace.apidocs;

import io.millrace.edge.Problems;
import io.swagger.v3.oas.annotations.Hidden;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves the page that the {@code type} of problem documents points to: HTML for browsers, Markdown for clients that
 * ask for it.
 */
@RestController
@Hidden
class ErrorPageController {

    private final String markdown = read();
    private final String html = ErrorPage.html(markdown);

    @GetMapping(path = Problems.PAGE, produces = MediaType.TEXT_HTML_VALUE)
    String html() {
        return html;
    }

    @GetMapping(path = Problems.PAGE, produces = "text/markdown;charset=UTF-8")
    String markdown() {
        return markdown;
    }

    private static String read() {
        try (InputStream page = ErrorPageController.class.getResourceAsStream("errors.md")) {
            return new String(Objects.requireNonNull(page, "errors.md").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
