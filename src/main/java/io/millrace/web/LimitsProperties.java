package io.millrace.web;

import io.millrace.json.RecordLimits;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much one request may hold. {@code GET /v1/limits} tells these to clients.
 *
 * @param maxRequestBytes the body of a request; of NDJSON, which is streamed, a line
 * @param maxRecordsPerRequest records of a JSON request; of NDJSON, positions that the answer lists
 * @param maxHeaders headers of a record
 * @param maxConcurrentBodies bytes of bodies that are being read at any time by all requests together; beyond it
 *     requests are refused with 503. It bounds memory when many clients send slowly, and is never more than an eighth
 *     of the heap.
 * @param clientMemory bytes that all clients together may make the node hold: requests on their way in, records read
 *     ahead for them, answers on their way out. 0 is a quarter of the heap
 */
@ConfigurationProperties("millrace.limits")
public record LimitsProperties(
        @DefaultValue("16MB") DataSize maxRequestBytes,
        @DefaultValue("100000") int maxRecordsPerRequest,
        @DefaultValue("64") int maxHeaders,
        @DefaultValue("256MB") DataSize maxConcurrentBodies,
        @DefaultValue("0B") DataSize clientMemory) {

    private static final int HEAP_SHARE = 4;

    /** The capacity of the budget. */
    long clientMemoryBytes() {
        return clientMemory.toBytes() > 0
                ? clientMemory.toBytes()
                : Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    }

    /** The limits for the records of one request. */
    public RecordLimits ofRecords(int maxRecordBytes) {
        return new RecordLimits(maxRecordBytes, maxRecordsPerRequest, maxHeaders);
    }
}
