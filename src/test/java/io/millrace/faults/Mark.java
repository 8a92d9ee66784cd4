package io.millrace.faults;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the value of every record says about itself, so that the log alone tells what was sent.
 *
 * @param request the request's id
 * @param index the record's place in its request
 * @param producer who sent it
 * @param key the record's key
 * @param sequence rises with every record of the producer
 */
record Mark(String request, int index, String producer, String key, long sequence) {

    /** @param members further members of the value, each with a comma before it */
    String json(String members) {
        return "{\"request\":\"%s\",\"index\":%d,\"producer\":\"%s\",\"key\":\"%s\",\"sequence\":%d%s}"
                .formatted(request, index, producer, key, sequence, members);
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
