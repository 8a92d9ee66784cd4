package io.millrace.rest;

import io.millrace.http.BodyTypes;
import io.millrace.http.NdjsonType;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.http.MediaType;

/**
 * The media types in which records are accepted: JSON, NDJSON, or one record's value as text or bytes. The types taken
 * as bytes are those that the hub cannot be expected to parse: images, audio, video, fonts and models, archives, and
 * binary encodings. {@code docs/decisions/0004-forms-refused.md} says why the list is closed.
 */
final class RecordTypes {

    private static final List<MediaType> BYTES = Stream.of(
                    "application/octet-stream",
                    "image/*",
                    "audio/*",
                    "video/*",
                    "font/*",
                    "model/*",
                    "application/pdf",
                    "application/zip",
                    "application/gzip",
                    "application/zstd",
                    "application/x-tar",
                    "application/protobuf",
                    "application/x-protobuf",
                    "application/vnd.google.protobuf",
                    "application/avro",
                    "application/cbor",
                    "application/msgpack",
                    "application/x-msgpack",
                    "application/vnd.msgpack",
                    "application/vnd.apache.parquet",
                    "application/vnd.apache.arrow.file",
                    "application/vnd.apache.arrow.stream",
                    "application/wasm",
                    "application/*+cbor",
                    "application/*+zip",
                    "application/*+gzip",
                    "application/*+zstd")
            .map(MediaType::parseMediaType)
            .toList();

    static final BodyTypes ACCEPTED = new BodyTypes(
            Stream.of(List.of(MediaType.APPLICATION_JSON), NdjsonType.SPELLINGS, List.of(MediaType.TEXT_PLAIN))
                    .flatMap(List::stream)
                    .toList(),
            BYTES);

    private RecordTypes() {}
}
