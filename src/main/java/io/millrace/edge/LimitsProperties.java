package io.millrace.edge;

import io.millrace.event.RecordLimits;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much one request may hold. {@code GET /v1/limits} tells these to clients.
 *
 * @param maxRequestBytes the body of a request; of NDJSON, which is streamed, a line. Never more than a quarter of
 *     clientMemory
 * @param maxRecordsPerRequest records of a JSON request; of NDJSON, positions that the answer lists
 * @param maxHeaders headers of a record
 * @param clientMemory bytes that all clients together may make the node hold: requests on their way in, records read
 *     ahead for them, answers on their way out. 0 is a quarter of the heap
 */
@ConfigurationProperties("millrace.limits")
public record LimitsProperties(
        @DefaultValue("16MB") DataSize maxRequestBytes,
        @DefaultValue("100000") int maxRecordsPerRequest,
        @DefaultValue("64") int maxHeaders,
        @DefaultValue("0B") DataSize clientMemory) {

    private static final int HEAP_SHARE = 4;

    /** The part of the budget that one request may be: while its array grows it is there one and a half times. */
    private static final int LARGEST_SHARE = 4;

    /** The body of a request at most: what is set, unless a node with a small heap could never hold it. */
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
