package io.millrace.http;

import java.util.List;
import org.springframework.http.MediaType;

/** JSON by the line, which has no registered type and therefore many spellings. */
public final class NdjsonType {

    /** The spelling that answers have: the one of the format's own site. */
    public static final MediaType NDJSON = MediaType.APPLICATION_NDJSON;

    /** All that are taken, in requests as in {@code Accept}. */
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
