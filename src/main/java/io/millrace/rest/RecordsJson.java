package io.millrace.rest;

import io.millrace.codec.RecordWriter;
import io.millrace.fetch.Fetched;
import io.millrace.http.BodyWriter;
import io.millrace.json.JsonBuffer;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/** Renders records into answers, each in the form in which it was written. */
final class RecordsJson {

    private RecordsJson() {}

    /** Appends the records of one partition's runs, comma-separated. */
    static void writeAll(JsonBuffer json, Iterable<Fetched> runs) {
        RecordWriter writer = RecordWriter.plain();
        int start = json.length();
        for (Fetched run : runs) {
            run.forEach((batch, i) -> {
                if (json.length() > start) {
                    json.ascii(',');
                }
                writer.write(json, batch, i);
            });
        }
    }

    /** Answers with one JSON text of any length, at the client's pace. */
    static Mono<Void> answer(ServerHttpResponse response, JsonBuffer json) {
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        return BodyWriter.whole(response, json);
    }
}
