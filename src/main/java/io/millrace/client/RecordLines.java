package io.millrace.client;

import io.millrace.client.message.Lines;
import io.millrace.codec.PageReader;
import io.millrace.codec.ReadRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records of a partition in one streamed answer (NDJSON), up to the partition's end at the time of the request.
 * Read by one thread, closed by any.
 */
public final class RecordLines implements AutoCloseable {

    private final Chunks chunks;
    private final Lines lines = new Lines();

    RecordLines(Chunks chunks) {
        this.chunks = chunks;
    }

    /**
     * The next record; null at the end.
     *
     * @param silence how long the hub may be silent
     * @throws NoAnswerException if the connection breaks, or after that silence, in which case the call may be repeated
     */
    public @Nullable ReadRecord next(Duration silence) throws NoAnswerException, InterruptedException {
        while (true) {
            byte[] line = lines.next();
            if (line != null) {
                return parsed(line);
            }
            List<ByteBuffer> more = chunks.next(silence);
            if (more == null) {
                byte[] rest = lines.rest();
                return rest == null ? null : parsed(rest);
            }
            lines.add(more);
        }
    }

    private static ReadRecord parsed(byte[] line) throws NoAnswerException {
        try {
            return PageReader.line(line).records().getFirst();
        } catch (RuntimeException other) {
            throw NoAnswerException.notUnderstood("a read of records", other);
        }
    }

    @Override
    public void close() {
        chunks.close();
    }
}
