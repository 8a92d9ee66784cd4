package io.millrace.stream.websocket.frame;

import io.millrace.eventlog.RecordBatch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtension;
import java.util.List;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Records for a client that takes compressed messages. A whole batch is compressed once for all its readers: deflate
 * blocks that do not refer to earlier ones can be concatenated (RFC 1951). The bytes between such batches are
 * compressed for this frame if there are enough of them, else stored.
 */
public record DeflatedRecordsFrame(RecordsFrame plain, Subprotocol subprotocol, Deflation deflation)
        implements RecordsFrame {

    /** A smaller frame fits one packet uncompressed, and is not worth the 6 µs that any compression takes here. */
    public static final int SMALLEST_FRAME = 1024;

    /** Smaller batches are compressed with their neighbours: alone they would shrink less. */
    public static final int SMALLEST_SHARED = 2048;

    @Override
    public int size() {
        return plain.size();
    }

    @Override
    public WebSocketFrame encode(ByteBufAllocator allocator) {
        if (plain.size() < SMALLEST_FRAME) {
            return plain.encode(allocator);
        }
        ByteBuf content = deflation.with(deflater -> deflate(deflater, allocator));
        return content == null ? plain.encode(allocator) : plain.frame(WebSocketExtension.RSV1, content);
    }

    private @Nullable ByteBuf deflate(Deflater deflater, ByteBufAllocator allocator) {
        try (DeflateWriter out = new DeflateWriter(allocator, deflater, plain.size())) {
            for (Piece piece : plain.pieces()) {
                RecordBatch batch = piece.batch();
                if (batch == null || piece.length() < SMALLEST_SHARED) {
                    out.add(piece);
                } else {
                    out.add(
                            piece,
                            deflation.shared().of(batch, subprotocol, () -> DeflateWriter.deflate(deflater, piece)));
                }
            }
            return out.end();
        }
    }

    @Override
    public List<Piece> pieces() {
        return plain.pieces();
    }

    @Override
    public WebSocketFrame frame(int rsv, ByteBuf content) {
        return plain.frame(rsv, content);
    }
}
