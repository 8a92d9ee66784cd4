package io.millrace.bench.format;

import io.millrace.bench.content.RecordContent;
import io.millrace.bench.run.BenchException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads just what is checked of the JSON that holds records: which partition, which offsets, how long the values are.
 * It goes by the structure of the text, so no value can look like a record; strings, which are most of it, are skipped
 * eight bytes at a time. The text is a hub's, and taken to be well-formed. Used by one thread, again and again.
 */
public final class JsonScanner {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';

    private static final byte[] OFFSET = Asciis.bytes("offset");
    private static final byte[] PARTITION = Asciis.bytes("partition");
    private static final byte[] VALUE = Asciis.bytes("value");
    private static final byte[] RECORDS = Asciis.bytes("records");
    private static final byte[] NEXT_OFFSET = Asciis.bytes("next_offset");

    private byte[] text = {};
    private int end;
    private int at;
    private long offset;
    private int valueBytes;
    private long sendTime;
    private final ScannedRecords read = new ScannedRecords();

    /**
     * Reads a frame or page: an object with {@code partition}, {@code next_offset} and {@code records}.
     *
     * @return what was found, until the next call
     * @throws BenchException if it is something else
     */
    public ScannedRecords page(byte[] json, int from, int length) {
        begin(json, from, length);
        object(true);
        if (read.partition() < 0 || read.nextOffset() < 0) {
            throw new BenchException("the hub sent something else than records");
        }
        return read;
    }

    /**
     * Reads a record, as one line of NDJSON or one event has it.
     *
     * @return what was found, until the next call
     */
    public ScannedRecords line(byte[] json, int from, int length) {
        begin(json, from, length);
        record();
        return read;
    }

    private void begin(byte[] json, int from, int length) {
        text = json;
        at = from;
        end = from + length;
        read.clear();
    }

    /** Reads the object that begins here: a page, or else a record. */
    private void object(boolean page) {
        expect('{');
        if (peek() == '}') {
            at++;
            return;
        }
        do {
            expect('"');
            int name = at;
            skipString();
            int length = at - 1 - name;
            expect(':');
            member(page, name, length);
        } while (next() == ',');
    }

    private void member(boolean page, int name, int length) {
        if (page && is(RECORDS, name, length)) {
            records();
        } else if (page && is(NEXT_OFFSET, name, length)) {
            read.nextOffset(number());
        } else if (is(PARTITION, name, length)) {
            read.partition((int) number());
        } else if (!page && is(OFFSET, name, length)) {
            offset = number();
        } else if (!page && is(VALUE, name, length)) {
            int value = at;
            skip();
            valueBytes = at - value;
            sendTime = RecordContent.sendTime(text, value, at);
        } else {
            skip();
        }
    }

    private void records() {
        expect('[');
        if (peek() == ']') {
            at++;
            return;
        }
        do {
            record();
        } while (next() == ',');
    }

    private void record() {
        offset = -1;
        valueBytes = 0;
        sendTime = 0;
        object(false);
        read.add(offset, valueBytes, sendTime);
    }

    private boolean is(byte[] name, int from, int length) {
        return length == name.length && Arrays.equals(text, from, from + length, name, 0, length);
    }

    private byte peek() {
        if (at >= end) {
            throw new BenchException("what the hub sent ends too early");
        }
        return text[at];
    }

    private byte next() {
        byte next = peek();
        at++;
        return next;
    }

    private void expect(char ascii) {
        if (next() != ascii) {
            throw new BenchException("the hub sent something else than records");
        }
    }

    private long number() {
        long number = 0;
        int from = at;
        while (at < end && text[at] >= '0' && text[at] <= '9') {
            number = number * 10 + text[at++] - '0';
        }
        if (at == from) {
            throw new BenchException("the hub sent something else than records");
        }
        return number;
    }

    /** Skips a value of any kind. */
    private void skip() {
        byte first = next();
        if (first == '"') {
            skipString();
        } else if (first == '{' || first == '[') {
            skipNested();
        } else {
            while (at < end && text[at] != ',' && text[at] != '}' && text[at] != ']') {
                at++;
            }
        }
    }

    private void skipNested() {
        int depth = 1;
        while (depth > 0) {
            switch (next()) {
                case '"' -> skipString();
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {}
            }
        }
    }

    /** From behind the opening quote to behind the closing one. */
    private void skipString() {
        while (true) {
            while (at <= end - Long.BYTES) {
                long eight = (long) LONGS.get(text, at);
                long found = zeroBytes(eight ^ QUOTES) | zeroBytes(eight ^ BACKSLASHES);
                if (found != 0) {
                    at += Long.numberOfTrailingZeros(found) >>> 3;
                    break;
                }
                at += Long.BYTES;
            }
            byte next = next();
            if (next == '"') {
                return;
            }
            if (next == '\\') {
                at++;
            }
        }
    }

    /** Marks bytes that are zero; above the first one also some that are not, which does not matter. */
    private static long zeroBytes(long bytes) {
        return bytes - ONES & ~bytes & HIGH_BITS;
    }
}
