package io.millrace.http;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * The media types that a resource accepts. A body of any other type, or without a type, is refused with the list: types
 * are not guessed. {@code docs/decisions/0004-forms-refused.md}
 */
public final class BodyTypes {

    /** The field of a problem document that lists the types; its answer has them as headers, too. */
    static final String FIELD = "accept";

    public static final BodyTypes JSON = new BodyTypes(List.of(MediaType.APPLICATION_JSON), List.of());

    private final List<MediaType> texts;
    private final List<MediaType> others;
    private final String list;

    /**
     * @param texts concrete types whose bodies are UTF-8
     * @param others types, or ranges of types such as {@code image/*}, whose bodies are any bytes; a range does not
     *     cover {@code +json} types
     */
    public BodyTypes(List<MediaType> texts, List<MediaType> others) {
        this.texts = List.copyOf(texts);
        this.others = List.copyOf(others);
        this.list = Stream.concat(texts.stream(), others.stream())
                .map(MediaType::toString)
                .collect(Collectors.joining(", "));
    }

    /**
     * The type of the request's body, with its parameters.
     *
     * @throws HubException {@link HubError#UNSUPPORTED_MEDIA_TYPE}
     */
    public MediaType check(ServerHttpRequest request) {
        MediaType type = typeOf(request);
        if (texts.stream().anyMatch(text -> text.equalsTypeAndSubtype(type))) {
            Charset charset = type.getCharset();
            if (charset != null
                    && !charset.equals(StandardCharsets.UTF_8)
                    && !charset.equals(StandardCharsets.US_ASCII)) {
                throw refusal("text must be UTF-8, not " + charset.name());
            }
            return type;
        }
        if (others.stream().anyMatch(other -> covers(other, type))) {
            return type;
        }
        throw refusal("a body of type " + type.getType() + "/" + type.getSubtype() + " is not accepted here");
    }

    private static boolean covers(MediaType range, MediaType type) {
        return range.includes(type) && (range.isConcrete() || !"json".equals(type.getSubtypeSuffix()));
    }

    private MediaType typeOf(ServerHttpRequest request) {
        List<String> lines = request.getHeaders().getOrEmpty(HttpHeaders.CONTENT_TYPE);
        if (lines.isEmpty() || lines.getFirst().isBlank()) {
            throw refusal("the header Content-Type is missing or empty");
        }
        try {
            MediaType type = MediaType.parseMediaType(lines.getFirst());
            if (lines.size() == 1 && type.isConcrete()) {
                return type;
            }
        } catch (InvalidMediaTypeException malformed) {
            // refused below
        }
        throw refusal("the header Content-Type is not a single media type, or its charset is unknown");
    }

    private HubException refusal(String detail) {
        return new HubException(HubError.UNSUPPORTED_MEDIA_TYPE, detail + "; accepted are " + list).with(FIELD, list);
    }
}
