package io.millrace.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.accept.RequestedContentTypeResolver;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ServerWebExchange;

/**
 * The media types that a request accepts (RFC 9110, 12.5.1), in order of preference, from which a mapping's
 * {@code produces} picks. Spring's own resolver ignores {@code q=0}, and prefers more specific types to those with a
 * greater weight.
 *
 * <p>Each type that the hub answers with gets the weight of the most specific range that covers it. Ranges that cover
 * none of them follow: they are for resources that the hub does not serve itself, such as the metrics.
 */
public final class AcceptResolver implements RequestedContentTypeResolver {

    /** The types of the hub's answers. For a resource with several, the first of them here is the default. */
    private static final List<MediaType> ANSWERS = List.of(
            MediaType.APPLICATION_JSON,
            NdjsonType.NDJSON,
            MediaType.TEXT_EVENT_STREAM,
            MediaType.TEXT_HTML,
            new MediaType("text", "markdown"));

    @Override
    public List<MediaType> resolveMediaTypes(ServerWebExchange exchange) {
        List<String> lines = exchange.getRequest().getHeaders().getOrEmpty(HttpHeaders.ACCEPT);
        if (lines.stream().allMatch(String::isBlank)) {
            return MEDIA_TYPE_ALL_LIST;
        }
        try {
            List<MediaType> ranges = MediaType.parseMediaTypes(lines);
            ranges.forEach(AcceptResolver::checkWeight);
            return inOrder(ranges);
        } catch (IllegalArgumentException malformed) {
            throw new NotAcceptableStatusException("the header Accept is not a list of media ranges");
        }
    }

    /** Spring checks {@code q}, but reads {@code Q} too. */
    private static void checkWeight(MediaType range) {
        double weight = range.getQualityValue();
        if (!(weight >= 0 && weight <= 1)) {
            throw new IllegalArgumentException("a weight is from 0 to 1");
        }
    }

    static List<MediaType> inOrder(List<MediaType> ranges) {
        List<Map.Entry<MediaType, Double>> weighed = new ArrayList<>();
        for (MediaType answer : ANSWERS) {
            double weight = weight(answer, ranges);
            if (weight > 0) {
                weighed.add(Map.entry(answer, weight));
            }
        }
        weighed.sort(Comparator.comparing(Map.Entry::getValue, Comparator.reverseOrder()));
        boolean excludes = ranges.stream().anyMatch(range -> range.getQualityValue() == 0);
        Stream<MediaType> rest = ranges.stream()
                .filter(range -> range.getQualityValue() > 0)
                .filter(range -> ANSWERS.stream().noneMatch(range::includes) || !excludes && !range.isConcrete())
                .sorted(Comparator.comparingDouble(MediaType::getQualityValue).reversed());
        List<MediaType> accepted =
                Stream.concat(weighed.stream().map(Map.Entry::getKey), rest).toList();
        if (accepted.isEmpty()) {
            throw new NotAcceptableStatusException("the header Accept excludes everything");
        }
        return accepted;
    }

    private static double weight(MediaType answer, List<MediaType> ranges) {
        MediaType best = null;
        for (MediaType range : ranges) {
            if (covers(range, answer) && (best == null || specificity(range) > specificity(best))) {
                best = range;
            }
        }
        return best == null ? 0 : best.getQualityValue();
    }

    private static boolean covers(MediaType range, MediaType answer) {
        return range.includes(answer) || answer.equals(NdjsonType.NDJSON) && NdjsonType.is(range);
    }

    private static int specificity(MediaType range) {
        return range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2;
    }
}
