package io.millrace.rest;

import io.millrace.codec.ResultsWriter;
import io.millrace.event.Appended;
import io.millrace.json.JsonBuffer;
import java.util.Arrays;

/** How many records of a streamed request are stored, and where. Used by one thread at a time. */
final class NdjsonResult {

    private static final byte[] RECORDS = JsonBuffer.ascii("{\"records\":");
    private static final byte[] TRUNCATED = JsonBuffer.ascii(",\"results_truncated\":");
    private static final byte[] RESULTS = JsonBuffer.ascii(",\"results\":");

    private final int maxResults;
    private int[] partitions = new int[0];
    private long[] offsets = new long[0];
    private int results;
    private long records;

    /** @param maxResults at most this many positions are in the answer */
    NdjsonResult(int maxResults) {
        this.maxResults = maxResults;
    }

    /** @param count the records of the chunk; with acks=0 their positions are not known */
    void add(Appended appended, int count) {
        records += count;
        int kept = Math.min(appended.offsets().length, maxResults - results);
        if (results + kept > offsets.length) {
            int capacity = Math.max(results + kept, 2 * offsets.length);
            partitions = Arrays.copyOf(partitions, capacity);
            offsets = Arrays.copyOf(offsets, capacity);
        }
        System.arraycopy(appended.partitions(), 0, partitions, results, kept);
        System.arraycopy(appended.offsets(), 0, offsets, results, kept);
        results += kept;
    }

    /** Records that were stored, or with acks=0 accepted. */
    long records() {
        return records;
    }

    /** {@code {"records":…,"results_truncated":…,"results":[…]}}. */
    byte[] json() {
        JsonBuffer json = new JsonBuffer(64 + 32 * results);
        json.raw(RECORDS).number(records);
        json.raw(TRUNCATED).raw(JsonBuffer.ascii(results < records ? "true" : "false"));
        json.raw(RESULTS);
        ResultsWriter.writeArray(json, Arrays.copyOf(partitions, results), Arrays.copyOf(offsets, results));
        return json.ascii('}').toByteArray();
    }
}
