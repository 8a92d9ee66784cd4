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
 * A WebSocket with one subscription. Frames with records, which are frequent, are passed on in place; other frames are
 * parsed. Used on its event loop only.
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

    /** Reads a frame with records; the result is valid until the next call. */
    protected final ScannedRecords scan(ByteBuf frame) {
        return scanner.scan(frame);
    }

    /** Handles a frame with records, which is valid until this returns. */
    protected abstract void records(ByteBuf frame);

    /** Called when the subscription has been assigned partitions, with the start position of each. */
    protected abstract void assigned(List<Position> partitions);

    /** Handles any other frame; unless overridden, it ends the run. */
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
