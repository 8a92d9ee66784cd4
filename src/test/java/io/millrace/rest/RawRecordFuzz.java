package io.millrace.rest;

import static io.millrace.fuzz.Bounded.check;
import static io.millrace.fuzz.Bounded.same;
import static io.millrace.json.JsonTexts.text;

import io.millrace.codec.RecordParser;
import io.millrace.event.NewRecord;
import io.millrace.event.RecordLimits;
import io.millrace.fuzz.Bounded;
import io.millrace.fuzz.FuzzTarget;
import io.millrace.json.Jackson;
import io.millrace.json.JsonTexts;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

/** Records whose key and headers are HTTP's: what is stored is what a JSON request could have said. */
public final class RawRecordFuzz implements FuzzTarget {

    private static final RecordLimits LIMITS = new RecordLimits(4000, 1, 20);
    private static final RecordLimits STORED = new RecordLimits(100_000, 1, 20);
    private static final byte[] VALUE = {'v'};

    /** Lines of a request's head: the media type, and then the others. */
    @Override
    public Stream<byte[]> seeds() {
        return Stream.of(
                        "text/plain\nHub-Key: flight\nHub-Header-Trace: a\u00e9\nhub-header-trace: b",
                        "image/png;q=\"a\\\"b\"\nHub-Header-: x",
                        "application/octet-stream\nHub-Key: 1\nHub-Key: 2",
                        "application/vnd.a+cbor; charset=utf-8\nHub-Header-\"\\: \"\\\t",
                        "*/*",
                        "application/json")
                .map(JsonTexts::utf8);
    }

    @Override
    public void run(byte[] input) {
        // As Netty decodes a head.
        String[] lines = new String(input, StandardCharsets.ISO_8859_1).split("\n", 40);
        HttpHeaders headers = new HttpHeaders();
        headers.add(HttpHeaders.CONTENT_TYPE, lines[0]);
        Arrays.stream(lines).skip(1).map(line -> line.split(": ", 2)).forEach(line -> {
            if (!line[0].isEmpty()) {
                headers.add(line[0], line.length > 1 ? line[1] : "");
            }
        });
        MockServerHttpRequest request = MockServerHttpRequest.method(HttpMethod.POST, "/")
                .headers(headers)
                .build();
        NewRecord record = Bounded.run(input, () -> {
                    MediaType type = RecordTypes.ACCEPTED.check(request);
                    return RawRecord.of(type, headers, VALUE, LIMITS);
                })
                .value();
        if (record != null) {
            checkStored(record, headers);
        }
    }

    private static void checkStored(NewRecord record, HttpHeaders headers) {
        check(record.key() == null || JsonTexts.isUtf8(record.key()), "the key is UTF-8");
        byte[] stored = record.headers();
        if (stored != null) {
            byte[] again = RecordParser.parseHeaders(stored, 0, stored.length, 0, STORED);
            same(text(stored), again == null ? null : text(again), "stored headers are headers");
            check(Jackson.accepts(text(stored)), "stored headers are JSON");
        }
        String key = headers.getFirst(RawRecord.KEY);
        if (key != null) {
            same(key, new String(record.key(), StandardCharsets.ISO_8859_1), "the key is kept");
        }
    }
}
