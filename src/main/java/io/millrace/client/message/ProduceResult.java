package io.millrace.client.message;

import java.util.List;

/**
 * Where produced records were stored.
 *
 * @param results one for each record, in the order of the request; empty with {@code acks} 0, where it is unknown
 */
public record ProduceResult(List<StoredAt> results) {

    /** The partition and offset of a stored record. */
    public record StoredAt(int partition, long offset) {}
}
