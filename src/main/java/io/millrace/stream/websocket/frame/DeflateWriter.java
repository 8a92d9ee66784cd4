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
 * Writes one compressed message (RFC 7692, 7.2.1): deflate blocks (RFC 1951) that each begin and end with a byte, so
 * that blocks from elsewhere can stand among them. Used by one thread.
 */
public final class DeflateWriter implements AutoCloseable {

    /** What does not shrink to this many quarters of its length is not compressed: it would be inflated for little. */
    private static final int WORTHWHILE_QUARTERS = 3;

    /** Less is not compressed by itself. */
    private static final int SMALLEST_RUN = 512;

    private static final int LONGEST_STORED = 0xffff;
    private static final byte[] NONE = {};

    private final ByteBuf out;
    private final Deflater deflater;
    private final List<Piece> run = new ArrayList<>();
    private int runBytes;
    private boolean deflated;
    private boolean ended;

    /** @param bytes that will be added: it grows beyond that only if next to nothing can be compressed */
    public DeflateWriter(ByteBufAllocator allocator, Deflater deflater, int bytes) {
        this.out = allocator.directBuffer(bytes);
        this.deflater = deflater;
    }

    /** Compresses bytes so that they can stand anywhere in a message; empty if that is not worthwhile. */
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

    /** Adds bytes, to be compressed with their neighbours. */
    public void add(Piece piece) {
        run.add(piece);
        runBytes += piece.length();
    }

    /** Adds bytes by their compressed form, as it is made by {@link #deflate}. */
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

    /** The message, which is the caller's then; null if nothing has been compressed. */
    @Nullable
    public ByteBuf end() {
        endRun();
        // The last block, empty and not compressed, of which the end is left out.
        out.writeByte(0);
        ended = deflated;
        return deflated ? out : null;
    }

    private void endRun() {
        if (runBytes >= SMALLEST_RUN && deflateRun()) {
            deflated = true;
            forgetRun();
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

    /** Writes the run in blocks that are not compressed (RFC 1951, 3.2.4). */
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
        forgetRun();
    }

    private void forgetRun() {
        run.clear();
        runBytes = 0;
    }

    /** Frees the message unless it is the caller's. */
    @Override
    public void close() {
        if (!ended) {
            out.release();
        }
    }
}
