package io.millrace.codec;

import io.millrace.json.JsonBuffer;

/** Writes the partitions and offsets of a request's records, in the request's order. */
public final class ResultsWriter {

    private static final byte[] START = JsonBuffer.ascii("{\"results\":");
    private static final byte[] PARTITION = JsonBuffer.ascii("{\"partition\":");
    private static final byte[] OFFSET = JsonBuffer.ascii(",\"offset\":");

    /** An estimate, for offsets of several digits, so that the buffer need not grow. */
    private static final int BYTES_PER_RESULT = 32;

    private ResultsWriter() {}

    /** The document {@code {"results":[{"partition":3,"offset":42},…]}}. */
    public static byte[] json(int[] partitions, long[] offsets) {
        JsonBuffer out = new JsonBuffer(32 + BYTES_PER_RESULT * offsets.length);
        out.raw(START);
        writeArray(out, partitions, offsets);
        return out.ascii('}').toByteArray();
    }

    /** Appends {@code [{"partition":3,"offset":42},…]} for an answer with more fields. */
    public static void writeArray(JsonBuffer out, int[] partitions, long[] offsets) {
        if (partitions.length != offsets.length) {
            throw new IllegalArgumentException(partitions.length + " partitions, " + offsets.length + " offsets");
        }
        out.ascii('[');
        for (int i = 0; i < partitions.length; i++) {
            if (i > 0) {
                out.ascii(',');
            }
            out.raw(PARTITION)
                    .number(partitions[i])
                    .raw(OFFSET)
                    .number(offsets[i])
                    .ascii('}');
        }
        out.ascii(']');
    }
}
