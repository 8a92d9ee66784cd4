package io.millrace.client.message;

import java.util.List;

/**
 * What became of records that were sent.
 *
 * @param results where each is, in the order in which they were sent; empty with {@code acks} 0, of which nobody knows
 */
public record ProduceResult(List<StoredAt> results) {

    /** Where a record was stored. */
    public record StoredAt(int partition, long offset) {}
}
