package io.millrace.faults;

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
record Mark(String request, int index, String producer, String key, long sequence) {

    /** @param fields additional fields of the value, each preceded by a comma */
    String json(String fields) {
        return "{\"request\":\"%s\",\"index\":%d,\"producer\":\"%s\",\"key\":\"%s\",\"sequence\":%d%s}"
                .formatted(request, index, producer, key, sequence, fields);
    }

    static Mark of(byte[] json) {
        JsonNode value = JsonMapper.shared().readTree(json);
        return new Mark(
                value.get("request").asString(),
                value.get("index").asInt(),
                value.get("producer").asString(),
                value.get("key").asString(),
                value.get("sequence").asLong());
    }
}
