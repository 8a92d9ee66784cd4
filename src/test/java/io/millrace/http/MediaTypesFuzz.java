package io.millrace.http;

import static io.millrace.fuzz.Bounded.check;

import io.millrace.fuzz.Bounded;
import io.millrace.fuzz.FuzzTarget;
import io.millrace.json.JsonTexts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.NotAcceptableStatusException;

/** The headers {@code Accept} and {@code Content-Type}. */
public final class MediaTypesFuzz implements FuzzTarget {

    /** Spring takes some kilobytes for each media range, and keeps those that it has read. */
    private static final long FREE_BYTES = 4 * 1024 * 1024;

    private static final BodyTypes TYPES = new BodyTypes(
            List.of(MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN), List.of(MediaType.parseMediaType("image/*")));

    @Override
    public Stream<byte[]> seeds() {
        return Stream.of(
                        "application/json;q=0.1, */*;q=0.2",
                        "application/x-jsonlines;q=0.5, text/event-stream",
                        "text/html;q=0, application/*;q=0.000",
                        "application/json;charset=utf-16",
                        "text/plain;charset=\"us-ascii\";version=0.0.4",
                        "image/svg+xml;a=\"\\\"b\"",
                        "*/*;q=NaN",
                        ",,;")
                .map(JsonTexts::utf8);
    }

    @Override
    public void run(byte[] input) {
        String header = new String(input, StandardCharsets.ISO_8859_1);
        MockServerHttpRequest request = MockServerHttpRequest.method(HttpMethod.POST, "/")
                .header(HttpHeaders.ACCEPT, header)
                .header(HttpHeaders.CONTENT_TYPE, header)
                .build();
        MockServerWebExchange exchange = MockServerWebExchange.from(request);
        List<MediaType> accepted = Bounded.run(
                        input, FREE_BYTES, NotAcceptableStatusException.class, () -> new AcceptResolver()
                                .resolveMediaTypes(exchange))
                .value();
        check(accepted == null || !accepted.isEmpty(), "something is acceptable");
        MediaType type = Bounded.run(input, () -> TYPES.check(request)).value();
        check(
                type == null
                        || type.getType().equals("image")
                        || type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)
                        || type.equalsTypeAndSubtype(MediaType.TEXT_PLAIN),
                "a body is of a type that is taken");
    }
}
