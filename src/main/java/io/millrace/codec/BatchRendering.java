package io.millrace.codec;

import io.millrace.eventlog.RecordBatch;
import io.millrace.json.JsonBuffer;

/**
 * The records of a batch as JSON, made once for all its readers on this node: the objects of {@link RecordWriter},
 * comma-separated, in one byte array. Any run of records is one slice of it, ready for a frame; a single record can be
 * written with further fields in front. Immutable; safe for any thread.
 */
public final class BatchRendering {

    private final byte[] bytes;
    private final int[] ends;
    private final boolean multiline;

    private BatchRendering(byte[] bytes, int[] ends, boolean multiline) {
        this.bytes = bytes;
        this.ends = ends;
        this.multiline = multiline;
    }

    /** The rendering of a batch, shared by all callers while the batch is in memory. */
    public static BatchRendering of(RecordBatch batch) {
        return batch.rendering(BatchRendering.class, BatchRendering::render);
    }

    private static BatchRendering render(RecordBatch batch) {
        int count = batch.count();
        int[] ends = new int[count];
        JsonBuffer out = new JsonBuffer(batch.byteSize() + count * RecordWriter.OVERHEAD_BYTES);
        RecordWriter writer = RecordWriter.plain();
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                out.ascii(',');
            }
            writer.write(out, batch, i);
            ends[i] = out.length();
        }
        return new BatchRendering(out.array(), ends, out.hasLineBreak());
    }

    /** The array into which {@link #start} and {@link #end} point; it may be longer. Callers must not change it. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where a record's object begins. */
    public int start(int index) {
        return index == 0 ? 0 : ends[index - 1] + 1;
    }

    /** Where a record's object ends; a comma follows unless it is the last. */
    public int end(int index) {
        return ends[index];
    }

    /** Whether it has line breaks, which are always between the tokens of a JSON value. */
    public boolean multiline() {
        return multiline;
    }

    /** Appends one record as it is. */
    public void write(JsonBuffer out, int index) {
        out.raw(bytes, start(index), end(index) - start(index));
    }

    /**
     * Appends one record on one line, line breaks between tokens becoming spaces.
     *
     * @param opening the object's opening brace and first fields, up to and including the comma before {@code "offset"}
     */
    public void writeLine(JsonBuffer out, byte[] opening, int index) {
        out.raw(opening);
        int from = out.length();
        int afterBrace = start(index) + 1;
        out.raw(bytes, afterBrace, end(index) - afterBrace);
        if (multiline) {
            out.joinLines(from);
        }
    }
}
