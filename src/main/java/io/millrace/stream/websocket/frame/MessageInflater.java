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
 * Inflates the messages of a client that compresses them, each by itself (RFC 7692 without context takeover). So there
 * is one inflater for each event loop and none for a connection, and what a message inflates to is asked of the
 * connection's share before there is memory for it, as soon as it is more than a piece. Event loop only.
 */
public final class MessageInflater {

    /** What came of a message. */
    public enum Outcome {
        /** It is in {@link #array}. */
        WHOLE,
        TOO_LONG,
        NO_MEMORY,
        /** It is not what a deflater makes, or less. */
        MALFORMED
    }

    private static final byte[] NONE = {};
    private static final int PIECE_BYTES = 64 * 1024;

    /**
     * What a sender leaves out at the end of a message, and a last block: only a message that was whole is finished by
     * them, with nothing left over.
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

    /** Whether a frame begins a message that is compressed. */
    public static boolean begins(WebSocketFrame frame) {
        return frame.rsv() == WebSocketExtension.RSV1
                && (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame);
    }

    /** Inflates a message, which is there until {@link #clear}. */
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
            return failure != null ? failure : end(tools, nothingBehind(message, count, inflater.getRemaining()));
        } catch (DataFormatException malformed) {
            return Outcome.MALFORMED;
        }
    }

    /** Behind a last block there may be the first byte of an empty one (RFC 7692, 7.2.3.5). */
    private static boolean nothingBehind(byte[] message, int count, int left) {
        return left == 0 || left == 1 && message[count - 1] == 0;
    }

    /** Inflates the input that is there; null if all of that found room. */
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

    /** Moves a piece to those before it. */
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

    /** Holds the message from its start; used again for the next. */
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
