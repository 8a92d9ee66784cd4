package io.millrace.bench.format;

import io.millrace.bench.content.RecordContent;
import io.millrace.bench.run.BenchException;
import io.millrace.json.JsonScanner;
import io.millrace.json.JsonSyntaxException;

/**
 * Reads only what is checked in JSON with records: the partition, the offsets, the lengths of the values. It follows
 * the structure of the text, so no value is mistaken for a record, and creates no objects. Used by one thread;
 * reusable.
 */
public final class JsonRecords {

    private static final byte[] OFFSET = Asciis.bytes("offset");
    private static final byte[] PARTITION = Asciis.bytes("partition");
    private static final byte[] VALUE = Asciis.bytes("value");
    private static final byte[] RECORDS = Asciis.bytes("records");
    private static final byte[] NEXT_OFFSET = Asciis.bytes("next_offset");

    private byte[] text = {};
    private JsonScanner in = new JsonScanner(text, 0, 0);
    private long offset;
    private int valueBytes;
    private long sendTime;
    private final ScannedRecords read = new ScannedRecords();

    /**
     * Reads a frame or page: an object with {@code partition}, {@code next_offset} and {@code records}.
     *
     * @return the records, valid until the next call
     * @throws BenchException if it is something else
     */
    public ScannedRecords page(byte[] json, int from, int length) {
        return read(json, from, length, true);
    }

    /**
     * Reads a single record: a line of NDJSON or the data of an event.
     *
     * @return the records, valid until the next call
     * @throws BenchException if it is something else
     */
    public ScannedRecords line(byte[] json, int from, int length) {
        return read(json, from, length, false);
    }

    private ScannedRecords read(byte[] json, int from, int length, boolean page) {
        if (json == text) {
            in.reset(from, length);
        } else {
            text = json;
            in = new JsonScanner(json, from, length);
        }
        read.clear();
        try {
            if (page) {
                object(true);
            } else {
                record();
            }
            in.end();
        } catch (JsonSyntaxException wrong) {
            throw new BenchException("the hub sent something other than records: " + wrong.getMessage(), wrong);
        }
        if (page && (read.partition() < 0 || read.nextOffset() < 0)) {
            throw new BenchException("the hub sent something other than records");
        }
        return read;
    }

    /** Reads the object that begins here: a page or a record. */
    private void object(boolean page) {
        in.expect('{', "an object");
        if (in.open('}')) {
            do {
                in.name();
                if (page) {
                    pageField();
                } else {
                    recordField();
                }
            } while (in.more('}'));
        }
    }

    private void pageField() {
        if (in.textIs(RECORDS)) {
            in.expect('[', "an array of records");
            if (in.open(']')) {
                do {
                    record();
                } while (in.more(']'));
            }
        } else if (in.textIs(NEXT_OFFSET)) {
            read.nextOffset(in.natural());
        } else {
            commonField();
        }
    }

    private void record() {
        offset = -1;
        valueBytes = 0;
        sendTime = 0;
        object(false);
        read.add(offset, valueBytes, sendTime);
    }

    private void recordField() {
        if (in.textIs(OFFSET)) {
            offset = in.natural();
        } else if (in.textIs(VALUE)) {
            in.peek();
            int from = in.position();
            in.skipValue(JsonScanner.MAX_DEPTH);
            valueBytes = in.position() - from;
            sendTime = RecordContent.sendTime(text, from, in.position());
        } else {
            commonField();
        }
    }

    /** A field that both a page and a single record have. */
    private void commonField() {
        if (in.textIs(PARTITION)) {
            read.partition((int) in.natural());
        } else {
            in.skipValue(JsonScanner.MAX_DEPTH);
        }
    }
}
