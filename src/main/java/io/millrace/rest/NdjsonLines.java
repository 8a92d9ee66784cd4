package io.millrace.rest;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.event.Violation;
import io.millrace.json.RecordLimits;
import io.millrace.json.RecordParser;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a stream of bytes into records, one a line, and gathers them into chunks. Lines end with LF or CRLF, empty lines
 * do not count, the last line may end with the body. Used by one thread at a time.
 */
final class NdjsonLines {

    /** A chunk is stored whole: large enough to append at full speed, small enough to be repeated without regret. */
    static final int CHUNK_RECORDS = 1000;

    static final int CHUNK_BYTES = 512 * 1024;

    private final RecordLimits limits;
    private final int maxLineBytes;
    /** The beginning of a line whose end has not come yet. */
    private byte[] partial = new byte[0];

    private int partialLength;
    /** Chunks that are as large as may be, behind which what is gathered comes. */
    private final Deque<List<NewRecord>> full = new ArrayDeque<>();

    private List<NewRecord> gathered = new ArrayList<>();
    private int gatheredBytes;
    private int records;

    /** @param maxLineBytes a longer line is refused without being read to its end */
    NdjsonLines(RecordLimits limits, int maxLineBytes) {
        this.limits = limits;
        this.maxLineBytes = maxLineBytes;
    }

    /**
     * Takes more bytes of the body.
     *
     * @throws HubException for a bad line; those before it can be taken
     */
    void feed(byte[] bytes) {
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                lineEnds(bytes, from, i);
                from = i + 1;
            }
        }
        keep(bytes, from, bytes.length);
    }

    /** The body has come to its end: a line that has none is whole, too. */
    void end() {
        if (partialLength > 0) {
            line(partial, 0, partialLength);
            partialLength = 0;
        }
    }

    /** Whether no whole line waits to be taken. */
    boolean isEmpty() {
        return gathered.isEmpty() && full.isEmpty();
    }

    /** Whether a chunk is full: there is no sense in reading on before it has been taken. */
    boolean isFull() {
        return !full.isEmpty();
    }

    /** The next chunk, of the lines that have come; possibly nothing. */
    List<NewRecord> take() {
        return full.isEmpty() ? takeGathered() : full.removeFirst();
    }

    /** Forgets all lines that have not been taken. */
    void discard() {
        full.clear();
        takeGathered();
    }

    private void lineEnds(byte[] bytes, int from, int past) {
        if (partialLength == 0) {
            line(bytes, from, past);
        } else {
            keep(bytes, from, past);
            line(partial, 0, partialLength);
            partialLength = 0;
        }
    }

    private void line(byte[] line, int from, int past) {
        checkLength(past - from);
        if (!blank(line, from, past)) {
            NewRecord record = RecordParser.parseRecord(line, from, past - from, records, limits);
            records++;
            gathered.add(record);
            gatheredBytes += record.size();
            if (gathered.size() >= CHUNK_RECORDS || gatheredBytes >= CHUNK_BYTES) {
                full.addLast(takeGathered());
            }
        }
    }

    private void keep(byte[] bytes, int from, int past) {
        int length = partialLength + past - from;
        checkLength(length);
        if (length > partial.length) {
            partial = Arrays.copyOf(partial, Math.max(length, 2 * partial.length));
        }
        System.arraycopy(bytes, from, partial, partialLength, past - from);
        partialLength = length;
    }

    private void checkLength(int length) {
        if (length > maxLineBytes) {
            String detail = "a line is longer than " + maxLineBytes + " bytes";
            throw new HubException(
                    HubError.RECORD_TOO_LARGE,
                    detail,
                    new Violation("#/records/" + records, HubError.RECORD_TOO_LARGE.code(), detail));
        }
    }

    private List<NewRecord> takeGathered() {
        List<NewRecord> taken = gathered;
        gathered = new ArrayList<>();
        gatheredBytes = 0;
        return taken;
    }

    private static boolean blank(byte[] line, int from, int past) {
        for (int i = from; i < past; i++) {
            if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
                return false;
            }
        }
        return true;
    }
}
