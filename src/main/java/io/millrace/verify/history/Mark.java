package io.millrace.verify.history;

import io.millrace.codec.ReadRecord;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fields in the value of every record that identify it, so that the log shows what was sent.
 *
 * @param request the request's id
 * @param index the record's index in its request
 * @param producer the sender
 * @param key the record's key
 * @param sequence rises with every record of the producer
 */
public record Mark(String request, int index, String producer, String key, long sequence) {

    private static final int LONGEST_QUOTED = 100;

    /** @param fields additional fields of the value, each preceded by a comma */
    public String json(String fields) {
        return "{\"request\":\"%s\",\"index\":%d,\"producer\":\"%s\",\"key\":\"%s\",\"sequence\":%d%s}"
                .formatted(request, index, producer, key, sequence, fields);
    }

    /** The mark of a record that was read. A record of another client gets a mark that was never sent. */
    public static Mark of(ReadRecord record) {
        String key = text(record.key());
        try {
            JsonNode value = JsonMapper.shared().readTree(record.value() == null ? new byte[0] : record.value());
            String marked = value.path("key").asString("");
            return new Mark(
                    value.path("request").asString(foreign(record)),
                    value.path("index").asInt(-1),
                    value.path("producer").asString(""),
                    marked.equals(key) ? marked : key,
                    value.path("sequence").asLong(-1));
        } catch (JacksonException notJson) {
            return new Mark(foreign(record), -1, "", key, -1);
        }
    }

    private static String foreign(ReadRecord record) {
        String value = text(record.value());
        return "none, the value is "
                + (value.length() > LONGEST_QUOTED ? value.substring(0, LONGEST_QUOTED) + "…" : value);
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "record " + index + " of request " + request + " (key " + key + ", sequence " + sequence + " of "
                + producer + ")";
    }
}
