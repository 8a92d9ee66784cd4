package io.millrace.bench.connection;

import io.millrace.bench.format.FrameScanner;
import io.millrace.bench.format.ScannedRecords;
import io.millrace.bench.format.Subprotocol;
import io.millrace.bench.hub.Refusals;
import io.millrace.bench.run.Run;
import io.millrace.client.HubUrl;
import io.millrace.client.message.Frame;
import io.millrace.client.message.Position;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * A WebSocket with one subscription. Records, which come all the time, are handed out where they lie; the other frames
 * are parsed. Its event loop only.
 */
public abstract class SubscribingConnection extends WebSocketConnection {

    /** More credit than a run can use. */
    protected static final String UNLIMITED = "1000000000000";

    private final FrameScanner scanner;

    /** @param scanner of the subscription; connections of one event loop may share it */
    protected SubscribingConnection(Run run, HubUrl hub, Subprotocol subprotocol, FrameScanner scanner) {
        super(run, hub, subprotocol);
        this.scanner = scanner;
    }

    /** Reads a frame with records; what was found is good until the next call. */
    protected final ScannedRecords scan(ByteBuf frame) {
        return scanner.scan(frame);
    }

    /** A frame with records for the {@link FrameScanner}, which is there until this returns. */
    protected abstract void records(ByteBuf frame);

    /** The subscription has been given partitions, each with where it begins. */
    protected abstract void assigned(List<Position> partitions);

    /** Any other frame, none of which is expected unless a subclass says so. */
    protected void unexpected(Frame frame) {
        throw Refusals.unexpected(frame);
    }

    @Override
    protected final boolean take(ByteBuf frame) {
        if (!scanner.holdsRecords(frame)) {
            return false;
        }
        records(frame);
        return true;
    }

    @Override
    protected final void other(Frame frame) {
        if (frame instanceof Frame.Assigned assigned) {
            assigned(assigned.partitions());
        } else {
            unexpected(frame);
        }
    }
}
