package io.millrace.rest;

import io.millrace.fetch.Fetched;
import io.millrace.json.JsonBuffer;
import io.millrace.json.RecordWriter;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/** Records in answers, whoever reads them: each in the form in which it was written. */
final class RecordsJson {

    private RecordsJson() {}

    /** Appends the records of runs of one partition, separated by commas. */
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

    static Mono<Void> answer(ServerHttpResponse response, JsonBuffer json) {
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        response.getHeaders().setContentLength(json.length());
        return response.writeWith(Mono.just(wrap(response.bufferFactory(), json)));
    }

    static DataBuffer wrap(DataBufferFactory buffers, JsonBuffer json) {
        return buffers.wrap(java.nio.ByteBuffer.wrap(json.array(), 0, json.length()));
    }
}
