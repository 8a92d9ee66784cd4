package io.millrace.edge;

import io.millrace.event.RecordLimits;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much one request may hold. {@code GET /v1/limits} states these limits.
 *
 * @param maxRequestBytes the body of a request; with NDJSON, which is streamed, a line. At most a quarter of
 *     clientMemory
 * @param maxRecordsPerRequest records of a JSON request; with NDJSON, positions that the answer lists
 * @param maxHeaders headers of a record
 * @param clientMemory bytes that all clients together may make the node hold: requests being received, records read
 *     ahead, answers being sent. 0 is a quarter of the heap
 */
@ConfigurationProperties("millrace.limits")
public record LimitsProperties(
        @DefaultValue("16MB") DataSize maxRequestBytes,
        @DefaultValue("100000") int maxRecordsPerRequest,
        @DefaultValue("64") int maxHeaders,
        @DefaultValue("0B") DataSize clientMemory) {

    private static final int HEAP_SHARE = 4;

    /** One request may take this part of the budget: while its array grows, it is in memory one and a half times. */
    private static final int LARGEST_SHARE = 4;

    /** The largest body of a request: the setting, unless a node with a small heap could never hold it. */
    public int requestBytes() {
        return Math.toIntExact(Math.min(maxRequestBytes.toBytes(), clientMemoryBytes() / LARGEST_SHARE));
    }

    /** The capacity of the budget. */
    public long clientMemoryBytes() {
        return clientMemory.toBytes() > 0
                ? clientMemory.toBytes()
                : Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    }

    /** The limits for the records of one request. */
    public RecordLimits ofRecords(int maxRecordBytes) {
        return new RecordLimits(maxRecordBytes, maxRecordsPerRequest, maxHeaders);
    }
}
