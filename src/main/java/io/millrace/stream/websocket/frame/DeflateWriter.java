package io.millrace.stream.websocket.frame;

import io.millrace.stream.websocket.frame.RecordsFrame.Piece;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Writes one compressed message (RFC 7692, 7.2.1): deflate blocks (RFC 1951) that begin and end at byte boundaries, so
 * that blocks compressed elsewhere can go between them. Used by one thread.
 */
public final class DeflateWriter implements AutoCloseable {

    /** Bytes that do not shrink to three quarters are sent as they are: inflating them would gain the client little. */
    private static final int WORTHWHILE_QUARTERS = 3;

    /** A shorter run is not compressed. */
    private static final int SMALLEST_RUN = 512;

    private static final int LONGEST_STORED = 0xffff;
    private static final byte[] NONE = {};

    private final ByteBuf out;
    private final Deflater deflater;
    private final List<Piece> run = new ArrayList<>();
    private int runBytes;
    private boolean deflated;
    private boolean ended;

    /** @param bytes that will be added; the message exceeds them only if almost none can be compressed */
    public DeflateWriter(ByteBufAllocator allocator, Deflater deflater, int bytes) {
        this.out = allocator.directBuffer(bytes);
        this.deflater = deflater;
    }

    /** Compresses bytes so that they can go anywhere in a message; empty if that is not worthwhile. */
    public static byte[] deflate(Deflater deflater, Piece piece) {
        byte[] bytes = new byte[worthwhile(piece.length())];
        deflater.reset();
        deflater.setInput(piece.array(), piece.offset(), piece.length());
        int length = deflater.deflate(bytes, 0, bytes.length, Deflater.SYNC_FLUSH);
        return length < bytes.length ? Arrays.copyOf(bytes, length) : NONE;
    }

    private static int worthwhile(int length) {
        return length / 4 * WORTHWHILE_QUARTERS;
    }

    /** Adds bytes, to be compressed together with their neighbours. */
    public void add(Piece piece) {
        run.add(piece);
        runBytes += piece.length();
    }

    /** Adds bytes by their compressed form, made by {@link #deflate}. */
    public void add(Piece piece, byte[] form) {
        if (form.length == 0) {
            endRun();
            add(piece);
            store();
        } else {
            endRun();
            out.writeBytes(form);
            deflated = true;
        }
    }

    /** The message, which the caller then owns; null if nothing has been compressed. */
    @Nullable
    public ByteBuf end() {
        endRun();
        // An empty stored block, whose last four bytes are left out: RFC 7692, 7.2.1.
        out.writeByte(0);
        ended = deflated;
        return deflated ? out : null;
    }

    private void endRun() {
        if (runBytes >= SMALLEST_RUN && deflateRun()) {
            deflated = true;
            clearRun();
        } else if (runBytes > 0) {
            store();
        }
    }

    private boolean deflateRun() {
        int most = worthwhile(runBytes);
        ByteBuffer to = out.ensureWritable(most).nioBuffer(out.writerIndex(), most);
        deflater.reset();
        for (int i = 0; i < run.size(); i++) {
            Piece piece = run.get(i);
            deflater.setInput(piece.array(), piece.offset(), piece.length());
            deflater.deflate(to, i == run.size() - 1 ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH);
            if (!to.hasRemaining()) {
                return false;
            }
        }
        out.writerIndex(out.writerIndex() + to.position());
        return true;
    }

    /** Writes the run in stored blocks (RFC 1951, 3.2.4). */
    private void store() {
        int left = runBytes;
        int block = 0;
        for (Piece piece : run) {
            int done = 0;
            while (done < piece.length()) {
                if (block == 0) {
                    block = Math.min(left, LONGEST_STORED);
                    left -= block;
                    out.writeByte(0).writeShortLE(block).writeShortLE(~block);
                }
                int some = Math.min(piece.length() - done, block);
                out.writeBytes(piece.array(), piece.offset() + done, some);
                done += some;
                block -= some;
            }
        }
        clearRun();
    }

    private void clearRun() {
        run.clear();
        runBytes = 0;
    }

    /** Frees the message unless the caller owns it. */
    @Override
    public void close() {
        if (!ended) {
            out.release();
        }
    }
}
