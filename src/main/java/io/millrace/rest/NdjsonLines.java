package io.millrace.rest;

import io.millrace.budget.HeldBytes;
import io.millrace.budget.Hold;
import io.millrace.codec.RecordParser;
import io.millrace.connection.Unfinished;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.event.NoMemory;
import io.millrace.event.Place;
import io.millrace.event.RecordLimits;
import io.millrace.time.Ticker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a stream of bytes into records, one per line, and gathers them into chunks. Lines end with LF or CRLF, empty
 * lines are skipped, and the last line may end with the body. Used by one thread at a time.
 */
final class NdjsonLines implements Unfinished, AutoCloseable {

    /** A record's overhead besides its bytes, as in a lane's queue. */
    private static final int RECORD_OVERHEAD_BYTES = 128;

    /** A chunk is stored whole: large enough to append at full speed, small enough to be cheap to repeat. */
    static final int CHUNK_RECORDS = 1000;

    static final int CHUNK_BYTES = 512 * 1024;

    private final RecordLimits limits;
    private final int maxLineBytes;
    private final Hold hold;
    private final Ticker ticker;
    /** The beginning of a line that has not ended yet. */
    private final HeldBytes partial;

    private volatile long partialSince;
    private volatile int partialLength;
    /** Bytes of the records parsed since the hold was last grown. */
    private long recordBytes;

    /** Bytes of the hold that are for records. */
    private long held;

    /** Full chunks; the gathered records come after them. */
    private final Deque<List<NewRecord>> full = new ArrayDeque<>();

    private List<NewRecord> gathered = new ArrayList<>();
    private int gatheredBytes;
    private int records;

    /**
     * @param maxLineBytes a longer line is refused without being read to its end
     * @param hold for lines and records until they are handed on; closed with this
     */
    NdjsonLines(RecordLimits limits, int maxLineBytes, Hold hold, Ticker ticker) {
        this.hold = hold;
        this.ticker = ticker;
        this.partial = new HeldBytes(hold, maxLineBytes);
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
        holdRecords();
    }

    private void holdRecords() {
        long more = recordBytes;
        recordBytes = 0;
        if (!hold.grow(more)) {
            throw NoMemory.refusal();
        }
        held += more;
    }

    /** The chunk has been handed on and no longer counts here. */
    void handedOn(List<NewRecord> chunk) {
        long bytes = 0;
        for (NewRecord record : chunk) {
            bytes += record.size() + RECORD_OVERHEAD_BYTES;
        }
        // Less if a bad line or a lack of memory came in between.
        long less = Math.min(bytes, held);
        held -= less;
        hold.shrink(less);
    }

    @Override
    public long since() {
        return partialLength == 0 ? 0 : partialSince;
    }

    @Override
    public long bytes() {
        return partialLength;
    }

    @Override
    public void close() {
        partial.close();
    }

    /** The body has ended: a last line without a line end is complete, too. */
    void end() {
        if (partialLength > 0) {
            line(partial.array(), 0, partialLength);
            lineEnded();
        }
        holdRecords();
    }

    /** Whether there is no complete line to take. */
    boolean isEmpty() {
        return gathered.isEmpty() && full.isEmpty();
    }

    /** Whether a chunk is full: take it before reading on. */
    boolean isFull() {
        return !full.isEmpty();
    }

    /** The next chunk of complete lines; possibly empty. */
    List<NewRecord> take() {
        return full.isEmpty() ? takeGathered() : full.removeFirst();
    }

    /** Discards all lines that have not been taken. */
    void discard() {
        full.clear();
        takeGathered();
    }

    private void lineEnds(byte[] bytes, int from, int past) {
        if (partialLength == 0) {
            line(bytes, from, past);
        } else {
            keep(bytes, from, past);
            line(partial.array(), 0, partialLength);
            lineEnded();
        }
    }

    private void lineEnded() {
        partial.clear();
        partialLength = 0;
    }

    private void line(byte[] line, int from, int past) {
        checkLength(past - from);
        if (!blank(line, from, past)) {
            NewRecord record = RecordParser.parseRecord(line, from, past - from, records, limits);
            records++;
            gathered.add(record);
            gatheredBytes += record.size();
            recordBytes += record.size() + RECORD_OVERHEAD_BYTES;
            if (gathered.size() >= CHUNK_RECORDS || gatheredBytes >= CHUNK_BYTES) {
                full.addLast(takeGathered());
            }
        }
    }

    private void keep(byte[] bytes, int from, int past) {
        if (from == past) {
            return;
        }
        checkLength(partialLength + past - from);
        if (!partial.add(bytes, from, past - from)) {
            throw NoMemory.refusal();
        }
        if (partialLength == 0) {
            partialSince = ticker.nanos();
        }
        partialLength = partial.length();
    }

    private void checkLength(int length) {
        if (length > maxLineBytes) {
            String detail = "a line is longer than " + maxLineBytes + " bytes";
            throw new HubException(
                    HubError.RECORD_TOO_LARGE, Place.record(records), HubError.RECORD_TOO_LARGE.code(), detail);
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
