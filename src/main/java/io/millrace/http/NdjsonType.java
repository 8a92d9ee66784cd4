package io.millrace.http;

import java.util.List;
import org.springframework.http.MediaType;

/** NDJSON, which has no registered media type and therefore many spellings. */
public final class NdjsonType {

    /** The spelling of answers: that of the format's own site. */
    public static final MediaType NDJSON = MediaType.APPLICATION_NDJSON;

    /** The spellings that are accepted, in requests and in {@code Accept}. */
    public static final List<MediaType> SPELLINGS = List.of(
            NDJSON,
            new MediaType("application", "ndjson"),
            new MediaType("application", "jsonl"),
            new MediaType("application", "x-jsonl"),
            new MediaType("application", "jsonlines"),
            new MediaType("application", "x-jsonlines"));

    private NdjsonType() {}

    /** Whether a concrete type, whatever its parameters, is one of the spellings. */
    public static boolean is(MediaType type) {
        return SPELLINGS.stream().anyMatch(spelling -> spelling.equalsTypeAndSubtype(type));
    }
}
