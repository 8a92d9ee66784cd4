package io.millrace.codec;

import io.millrace.event.RecordFormat;
import io.millrace.json.JsonBuffer;
import io.millrace.json.JsonScanner;
import io.millrace.json.JsonSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads records as a hub writes them in JSON (see {@link RecordWriter}): JSON values are sliced from the text byte for
 * byte. Unknown fields are skipped, so that a later hub may add some. Throws {@link JsonSyntaxException} if the text is
 * not JSON or does not hold records. For one text and one thread; its state is the record being read.
 */
public final class PageReader {

    private static final byte[] ID = JsonBuffer.ascii("id");
    private static final byte[] TOPIC = JsonBuffer.ascii("topic");
    private static final byte[] PARTITION = JsonBuffer.ascii("partition");
    private static final byte[] EPOCH = JsonBuffer.ascii("epoch");
    private static final byte[] START_OFFSET = JsonBuffer.ascii("start_offset");
    private static final byte[] NEXT_OFFSET = JsonBuffer.ascii("next_offset");
    private static final byte[] HIGH_WATERMARK = JsonBuffer.ascii("high_watermark");
    private static final byte[] RECORDS = JsonBuffer.ascii("records");

    private static final byte[] OFFSET = JsonBuffer.ascii("offset");
    private static final byte[] TIMESTAMP = JsonBuffer.ascii("timestamp");
    private static final byte[] KEY = JsonBuffer.ascii("key");
    private static final byte[] KEY_BASE64 = JsonBuffer.ascii("key_base64");
    private static final byte[] VALUE = JsonBuffer.ascii("value");
    private static final byte[] VALUE_BASE64 = JsonBuffer.ascii("value_base64");
    private static final byte[] HEADERS = JsonBuffer.ascii("headers");

    /** An empty array. */
    private static final int NO_HEADERS = 2;

    private final JsonScanner in;

    private String id = "";
    private String topic = "";
    private int partition = ReadPage.ABSENT;
    private long epoch = ReadPage.ABSENT;
    private long startOffset = ReadPage.ABSENT;
    private long nextOffset = ReadPage.ABSENT;
    private long highWatermark = ReadPage.ABSENT;

    private long offset;
    private long timestamp;
    private byte @Nullable [] key;
    private byte @Nullable [] value;
    private byte @Nullable [] headers;
    private byte format;

    private PageReader(JsonScanner in) {
        this.in = in;
    }

    /** Reads a page or frame: an object with {@code records} and fields such as {@code topic} and {@code partition}. */
    public static ReadPage page(byte[] json) {
        JsonScanner in = new JsonScanner(json, 0, json.length);
        ReadPage page = new PageReader(in).page();
        in.end();
        return page;
    }

    /** Reads an array of pages at a scanner's position. */
    public static List<ReadPage> pages(JsonScanner in) {
        List<ReadPage> pages = new ArrayList<>();
        in.expect('[', "an array");
        if (in.open(']')) {
            do {
                pages.add(new PageReader(in).page());
            } while (in.more(']'));
        }
        return pages;
    }

    /**
     * Reads a single record, such as a line of NDJSON or an event, which may have {@code topic}, {@code partition} and
     * {@code epoch} among its fields.
     */
    public static ReadPage line(byte[] json) {
        JsonScanner in = new JsonScanner(json, 0, json.length);
        PageReader reader = new PageReader(in);
        ReadRecord record = reader.record();
        in.end();
        return reader.with(List.of(record));
    }

    private ReadPage page() {
        List<ReadRecord> records = List.of();
        boolean found = false;
        in.expect('{', "an object");
        if (in.open('}')) {
            do {
                in.name();
                if (in.textIs(RECORDS)) {
                    records = records();
                    found = true;
                } else {
                    pageField();
                }
            } while (in.more('}'));
        }
        if (!found) {
            throw wrong("records");
        }
        return with(records);
    }

    private ReadPage with(List<ReadRecord> records) {
        return new ReadPage(id, topic, partition, epoch, startOffset, nextOffset, highWatermark, records);
    }

    private void pageField() {
        if (in.textIs(NEXT_OFFSET)) {
            nextOffset = in.natural();
        } else if (in.textIs(HIGH_WATERMARK)) {
            highWatermark = in.natural();
        } else if (in.textIs(START_OFFSET)) {
            startOffset = in.natural();
        } else if (in.textIs(ID)) {
            id = text();
        } else {
            commonField();
        }
    }

    /** A field that pages and single records have in common. */
    private void commonField() {
        if (in.textIs(PARTITION)) {
            partition = Math.toIntExact(in.natural());
        } else if (in.textIs(TOPIC)) {
            topic = text();
        } else if (in.textIs(EPOCH)) {
            epoch = in.natural();
        } else {
            in.skipValue(JsonScanner.MAX_DEPTH);
        }
    }

    private List<ReadRecord> records() {
        List<ReadRecord> records = new ArrayList<>();
        in.expect('[', "an array of records");
        if (in.open(']')) {
            do {
                records.add(record());
            } while (in.more(']'));
        }
        return records;
    }

    private ReadRecord record() {
        offset = ReadPage.ABSENT;
        timestamp = ReadPage.ABSENT;
        key = null;
        value = null;
        headers = null;
        format = RecordFormat.DEFAULT;
        in.expect('{', "a record");
        if (in.open('}')) {
            do {
                in.name();
                recordField();
            } while (in.more('}'));
        }
        if (offset < 0) {
            throw wrong("a record with an offset");
        }
        return new ReadRecord(offset, timestamp, key, value, headers, format);
    }

    private void recordField() {
        if (in.textIs(OFFSET)) {
            offset = in.natural();
        } else if (in.textIs(TIMESTAMP)) {
            timestamp = in.natural();
        } else if (in.textIs(KEY)) {
            key = in.skipNull() ? null : string();
        } else if (in.textIs(VALUE)) {
            value = RecordReader.value(in);
        } else if (in.textIs(HEADERS)) {
            headers = headers();
        } else if (in.textIs(KEY_BASE64)) {
            key = base64();
            format |= RecordFormat.KEY_BINARY;
        } else if (in.textIs(VALUE_BASE64)) {
            value = base64();
            format |= RecordFormat.VALUE_BINARY;
        } else {
            commonField();
        }
    }

    private byte @Nullable [] headers() {
        byte[] array = RecordReader.value(in);
        return array == null || array.length == NO_HEADERS ? null : array;
    }

    private byte[] base64() {
        try {
            return Base64.getDecoder().decode(string());
        } catch (IllegalArgumentException notBase64) {
            throw wrong("base64");
        }
    }

    private String text() {
        return new String(string(), StandardCharsets.UTF_8);
    }

    private byte[] string() {
        in.expect('"', "a string");
        in.string();
        byte[] text = in.text();
        if (text == null) {
            throw wrong("a string that is UTF-8");
        }
        return text;
    }

    private JsonSyntaxException wrong(String expected) {
        return new JsonSyntaxException(JsonSyntaxException.MALFORMED, "expected " + expected, in.position());
    }
}
