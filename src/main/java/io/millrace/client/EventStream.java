package io.millrace.client;

import io.millrace.client.message.Frame;
import io.millrace.client.message.FrameParser;
import io.millrace.client.message.Lines;
import io.millrace.client.message.ServerSentEvents;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event stream (SSE) that follows a topic, or is a member of a group for as long as it is open. Read by one thread,
 * closed by any. It does not reconnect: a new stream can continue from {@link Frame.Event#cursor}.
 */
public final class EventStream implements AutoCloseable {

    private final Chunks chunks;
    private final Lines lines = new Lines();
    private final ServerSentEvents events = new ServerSentEvents();

    EventStream(Chunks chunks) {
        this.chunks = chunks;
    }

    /**
     * The next event; null at the end of the stream, whichever side ended it.
     *
     * @param silence how long the hub may be silent; it sends a comment every 15 s
     * @throws NoAnswerException if the connection breaks, or after that silence, in which case the call may be repeated
     */
    public Frame.@Nullable Event next(Duration silence) throws NoAnswerException, InterruptedException {
        while (true) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                ServerSentEvents.Event event = events.take(line);
                if (event != null) {
                    return parsed(event);
                }
            }
            List<ByteBuffer> more = chunks.next(silence);
            if (more == null) {
                return null;
            }
            lines.add(more);
        }
    }

    private static Frame.Event parsed(ServerSentEvents.Event event) throws NoAnswerException {
        try {
            return new Frame.Event(FrameParser.event(event), event.lastId());
        } catch (RuntimeException other) {
            throw NoAnswerException.notUnderstood("an event stream", other);
        }
    }

    @Override
    public void close() {
        chunks.close();
    }
}
