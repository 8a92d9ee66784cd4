package io.millrace.rest;

import io.millrace.apidocs.SentByClient;
import io.millrace.codec.RecordParser;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records as clients see them, for the OpenAPI document: the hot path reads and writes these forms byte by byte, see
 * {@code io.millrace.codec}.
 */
final class RecordViews {

    private RecordViews() {}

    @Schema(name = "ProduceRequest")
    record ProduceRequest(@ArraySchema(minItems = 1) List<NewRecordView> records) implements SentByClient {}

    @Schema(name = "NewRecord", description = "Every field may be left out. A record without a value is a tombstone.")
    record NewRecordView(
            @Schema(
                    example = "DTW",
                    description = "Records with the same key go to the same partition, chosen as by"
                            + " Kafka's default partitioner")
            @Nullable
            String key,

            @Schema(description = "A binary key in base64, instead of key", format = "byte") @Nullable
            String key_base64,

            @Schema(
                    implementation = Object.class,
                    example = "{\"delay\": 66}",
                    description = "Any JSON, kept byte for byte")
            @Nullable
            Object value,

            @Schema(description = "A binary value in base64, instead of value", format = "byte") @Nullable
            String value_base64,

            @Nullable List<NewHeaderView> headers,

            @Schema(minimum = "0", description = "Chosen by the key, or round-robin without one, unless given")
            @Nullable
            Integer partition,

            @Schema(
                    minimum = "0",
                    maximum = "" + RecordParser.MAX_TIMESTAMP,
                    description = "Milliseconds since 1970; the time of the append unless given")
            @Nullable
            Long timestamp)
            implements SentByClient {}

    @Schema(name = "NewHeader")
    record NewHeaderView(
            @Schema(example = "source", minLength = 1) String name,

            @Schema(example = "tower") @Nullable String value,

            @Schema(description = "A binary value in base64, instead of value", format = "byte") @Nullable
            String value_base64)
            implements SentByClient {}

    @Schema(name = "Header")
    record HeaderView(
            @Schema(example = "source") String name,

            @Schema(
                    example = "tower",
                    description = "Absent if there is value_base64",
                    requiredMode = Schema.RequiredMode.NOT_REQUIRED)
            @Nullable
            String value,

            @Schema(
                    description = "A binary value in base64",
                    format = "byte",
                    requiredMode = Schema.RequiredMode.NOT_REQUIRED)
            String value_base64) {}

    @Schema(name = "ProduceResult")
    record ProduceResult(
            @Schema(description = "In the order of the request")
            List<Position> results,

            @Schema(
                    description = "With NDJSON: how many records were stored",
                    requiredMode = Schema.RequiredMode.NOT_REQUIRED)
            long records,

            @Schema(
                    description = "With NDJSON: whether results has only the first of them",
                    requiredMode = Schema.RequiredMode.NOT_REQUIRED)
            boolean results_truncated) {}

    @Schema(name = "Position")
    record Position(
            @Schema(example = "3") int partition,
            @Schema(example = "42") long offset) {}

    @Schema(name = "Accepted", description = "Accepted with acks=0; the records' positions are not known yet")
    record Accepted(long records) {}

    @Schema(name = "RecordPage")
    record Page(
            String topic,
            int partition,

            @Schema(description = "The first offset that can be read")
            long start_offset,

            @Schema(description = "The offset that the next record gets")
            long high_watermark,

            @Schema(description = "The next offset to read") long next_offset,
            List<RecordView> records) {}

    @Schema(name = "Record", description = "With key or key_base64, and value or value_base64, as it was written")
    record RecordView(
            long offset,
            @Schema(description = "Milliseconds since 1970") long timestamp,

            @Schema(description = "Null without a key", requiredMode = Schema.RequiredMode.NOT_REQUIRED) @Nullable
            String key,

            @Schema(
                    description = "A binary key in base64",
                    format = "byte",
                    requiredMode = Schema.RequiredMode.NOT_REQUIRED)
            String key_base64,

            @Schema(
                    implementation = Object.class,
                    description = "Any JSON; null is a tombstone",
                    requiredMode = Schema.RequiredMode.NOT_REQUIRED)
            @Nullable
            Object value,

            @Schema(
                    description = "A binary value in base64",
                    format = "byte",
                    requiredMode = Schema.RequiredMode.NOT_REQUIRED)
            String value_base64,

            List<HeaderView> headers) {}
}
