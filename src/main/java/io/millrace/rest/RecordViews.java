package io.millrace.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records as clients see them, for the OpenAPI document: the hot path reads and writes these forms byte by byte, see
 * {@code io.millrace.json}.
 */
final class RecordViews {

    private RecordViews() {}

    @Schema(name = "ProduceRequest")
    record ProduceRequest(List<NewRecordView> records) {}

    @Schema(name = "NewRecord", description = "Every member may be left out. A record without value is a tombstone.")
    record NewRecordView(
            @Schema(example = "DTW", description = "Same key, same partition; as Kafka's default partitioner has it")
            @Nullable
            String key,

            @Schema(description = "A key of bytes, instead of key", hidden = true) @Nullable
            String key_base64,

            @Schema(
                    implementation = Object.class,
                    example = "{\"delay\": 66}",
                    description = "Any JSON, kept byte for byte")
            @Nullable
            Object value,

            @Schema(description = "A value of bytes, instead of value", hidden = true) @Nullable
            String value_base64,

            @Nullable List<HeaderView> headers,

            @Schema(nullable = true, description = "By the key, or in turn, unless given") @Nullable
            Integer partition,

            @Schema(nullable = true, description = "Milliseconds since 1970; the time of the append unless given")
            @Nullable
            Long timestamp) {}

    @Schema(name = "Header")
    record HeaderView(
            @Schema(example = "source") String name,
            @Schema(example = "tower") @Nullable String value) {}

    @Schema(name = "ProduceResult")
    record ProduceResult(
            @Schema(description = "In the order of the request")
            List<Position> results) {}

    @Schema(name = "Position")
    record Position(
            @Schema(example = "3") int partition,
            @Schema(example = "42") long offset) {}

    @Schema(name = "Accepted", description = "Accepted with acks=0; nothing is known of the records yet")
    record Accepted(long records) {}

    @Schema(name = "RecordPage")
    record Page(
            String topic,
            int partition,

            @Schema(description = "The first offset that can be read")
            long start_offset,

            @Schema(description = "The offset that the next record gets")
            long high_watermark,

            @Schema(description = "Where to go on reading") long next_offset,
            List<RecordView> records) {}

    @Schema(name = "Record")
    record RecordView(
            long offset,
            @Schema(description = "Milliseconds since 1970") long timestamp,

            @Schema(nullable = true, description = "A key of bytes is given as key_base64 instead")
            String key,

            @Schema(implementation = Object.class, description = "A value of bytes is given as value_base64 instead")
            Object value,

            List<HeaderView> headers) {}
}
