package io.millrace.stream.websocket.frame;

import io.millrace.budget.HeldBytes;
import io.millrace.budget.Share;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtension;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Inflates the compressed messages of one client, each on its own (RFC 7692 without context takeover): so there is one
 * inflater for each event loop, not for each connection. The output beyond a first piece is taken from the connection's
 * share before it is allocated. Event loop only.
 */
public final class MessageInflater {

    /** The outcome of inflating a message. */
    public enum Outcome {
        /** The message is in {@link #array}. */
        WHOLE,
        TOO_LONG,
        NO_MEMORY,
        /** The message is not deflated data, or is cut short. */
        MALFORMED
    }

    private static final byte[] NONE = {};
    private static final int PIECE_BYTES = 64 * 1024;

    /**
     * The bytes that a sender leaves out at the end of a message, and a last block: only a whole message is finished by
     * them, with no byte left over.
     */
    private static final byte[] END = {0, 0, (byte) 0xff, (byte) 0xff, 1, 0, 0, (byte) 0xff, (byte) 0xff};

    private record Tools(Inflater inflater, byte[] piece) {}

    private static final FastThreadLocal<Tools> TOOLS = new FastThreadLocal<>() {
        @Override
        protected Tools initialValue() {
            return new Tools(new Inflater(true), new byte[PIECE_BYTES]);
        }

        @Override
        protected void onRemoval(Tools tools) {
            tools.inflater().end();
        }
    };

    private final int longest;
    private final HeldBytes pieces;
    private byte[] array = NONE;
    private int length;

    /** @param longest bytes of a message */
    public MessageInflater(Share share, int longest) {
        this.longest = longest;
        this.pieces = new HeldBytes(share.hold(), longest);
    }

    /** Whether a frame begins a compressed message. */
    public static boolean begins(WebSocketFrame frame) {
        return frame.rsv() == WebSocketExtension.RSV1
                && (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame);
    }

    /** Inflates a message, which is kept until {@link #clear}. */
    public Outcome inflate(byte[] message, int count) {
        Tools tools = TOOLS.get();
        Inflater inflater = tools.inflater();
        inflater.reset();
        length = 0;
        try {
            inflater.setInput(message, 0, count);
            Outcome failure = drain(tools);
            if (failure == null && !inflater.finished()) {
                inflater.setInput(END);
                failure = drain(tools);
                return failure != null ? failure : end(tools, inflater.finished() && inflater.getRemaining() == 0);
            }
            return failure != null ? failure : end(tools, nothingAfter(message, count, inflater.getRemaining()));
        } catch (DataFormatException malformed) {
            return Outcome.MALFORMED;
        }
    }

    /** After a last block there may be the first byte of an empty one (RFC 7692, 7.2.3.5). */
    private static boolean nothingAfter(byte[] message, int count, int left) {
        return left == 0 || left == 1 && message[count - 1] == 0;
    }

    /** Inflates the input; null if there was room for all of it. */
    private @Nullable Outcome drain(Tools tools) throws DataFormatException {
        byte[] piece = tools.piece();
        while (true) {
            if (length == piece.length) {
                Outcome failure = keep(piece);
                if (failure != null) {
                    return failure;
                }
            }
            int more = tools.inflater().inflate(piece, length, piece.length - length);
            if (more == 0) {
                return null;
            }
            length += more;
        }
    }

    /** Appends a piece to the earlier ones. */
    private @Nullable Outcome keep(byte[] piece) {
        if ((long) pieces.length() + length > longest) {
            return Outcome.TOO_LONG;
        }
        if (!pieces.add(piece, 0, length)) {
            return Outcome.NO_MEMORY;
        }
        length = 0;
        return null;
    }

    private Outcome end(Tools tools, boolean whole) {
        if (!whole) {
            return Outcome.MALFORMED;
        }
        if (pieces.length() == 0) {
            array = tools.piece();
            return length > longest ? Outcome.TOO_LONG : Outcome.WHOLE;
        }
        Outcome failure = keep(tools.piece());
        array = pieces.array();
        length = pieces.length();
        return failure != null ? failure : Outcome.WHOLE;
    }

    /** The message is at the start of this array, which the next message reuses. */
    public byte[] array() {
        return array;
    }

    public int length() {
        return length;
    }

    /** Forgets the message. */
    public void clear() {
        pieces.clear();
        array = NONE;
    }
}
