package io.millrace.edge;

import static io.millrace.fuzz.Bounded.check;
import static io.millrace.json.JsonTexts.text;

import io.millrace.event.RequestFields;
import io.millrace.fuzz.Bounded;
import io.millrace.fuzz.FuzzTarget;
import io.millrace.json.Jackson;
import io.millrace.json.JsonTexts;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

/** Parameters of queries, and fields of bodies: numbers are in their range, lists have no duplicates. */
public final class RequestFieldsFuzz implements FuzzTarget {

    private static final Set<String> KNOWN = Set.of("n", "list", "wait", "o", "objects");
    private static final int MOST = 20;

    @Override
    public Stream<byte[]> seeds() {
        return Stream.of(
                        "n=-5&list=1,2,3&wait=500ms",
                        "list=a,,b&n=+1",
                        "n=9223372036854775808&wait=999999999m",
                        "n=1&n=2",
                        "%6E=%31&list=%E2%82%AC,%00",
                        "list=2147483647,2147483648",
                        "{\"n\":5,\"list\":[\"a\",\"b\"],\"wait\":\"1m\",\"o\":{\"n\":1},\"objects\":[{\"n\":1},{}]}",
                        "{\"n\":1e2,\"list\":[],\"o\":null}",
                        "{\"n\":99999999999999999999,\"list\":[\"a\",\"a\"]}",
                        "{\"n\":1,\"n\":2}",
                        "[]",
                        "{\"x\\ud800\":1}",
                        "{} {}")
                .map(JsonTexts::utf8);
    }

    @Override
    public void run(byte[] input) {
        JsonFields body =
                Bounded.run(input, () -> JsonFields.parse(input, KNOWN)).value();
        if (body != null) {
            // Jackson, which reads it, also takes UTF-16 and UTF-32.
            check(
                    !JsonTexts.isUtf8(input) || Jackson.acceptsDeep(text(input)) || input[0] == 0 || input[1] == 0,
                    "a body is JSON");
            checkFields(input, body);
            Bounded.run(input, () -> body.wholeNumber("n"));
            Bounded.run(input, () -> body.requiredObject("o", KNOWN));
            List<JsonFields> objects = Bounded.run(input, () -> body.objects("objects", KNOWN, MOST))
                    .value();
            check(objects == null || objects.size() <= MOST, "a list is bounded");
            Bounded.run(input, () -> body.requiredObjects("objects", Set.of("n"), MOST));
        }
        URI uri = uri(input);
        QueryParameters query = uri == null ? null : query(input, uri);
        if (query != null) {
            checkFields(input, query);
            List<Integer> numbers =
                    Bounded.run(input, () -> query.numbers("list", MOST)).value();
            check(numbers == null || numbers.stream().allMatch(number -> number >= 0), "numbers are not negative");
            Duration wait = Bounded.run(input, () -> query.duration("wait", Duration.ofMinutes(1)))
                    .value();
            check(wait == null || wait.compareTo(Duration.ofMinutes(1)) <= 0, "a duration is bounded");
        }
    }

    private static QueryParameters query(byte[] input, URI uri) {
        MockServerHttpRequest request =
                MockServerHttpRequest.method(HttpMethod.GET, uri).build();
        return Bounded.run(input, () -> QueryParameters.of(request, KNOWN)).value();
    }

    private static void checkFields(byte[] input, RequestFields fields) {
        OptionalLong number =
                Bounded.run(input, () -> fields.number("n", -5, 10)).value();
        check(number == null || number.isEmpty() || number.getAsLong() >= -5 && number.getAsLong() <= 10, "a range");
        List<String> texts =
                Bounded.run(input, () -> fields.texts("list", MOST)).value();
        check(texts == null || texts.size() <= MOST && texts.stream().distinct().count() == texts.size(), "a list");
        Bounded.run(input, () -> fields.text("wait"));
        Bounded.run(input, () -> fields.textOrNumber("n"));
    }

    private static URI uri(byte[] input) {
        try {
            return URI.create("/?" + new String(input, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException refusedBefore) {
            return null;
        }
    }
}
