package io.millrace.stream.websocket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/** Tells whether a client takes any of the bytes written to it. Event loop only. */
final class WriteProgress {

    private final Channel channel;
    private long writesDone;

    /** {@link #writesDone} at the last check. */
    private long lastWritesDone = -1;

    private long lastProgress = -1;
    private long stuckSince;

    WriteProgress(Channel channel) {
        this.channel = channel;
    }

    /** A write to the socket is done. */
    void written() {
        writesDone++;
    }

    /** How long the client has taken none of the bytes that wait for it, in nanoseconds. */
    long stuckFor(long nowNanos) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        long progress = buffer == null || buffer.isEmpty() ? -1 : buffer.currentProgress();
        if (progress < 0 || progress != lastProgress || writesDone != lastWritesDone) {
            stuckSince = nowNanos;
        }
        lastProgress = progress;
        lastWritesDone = writesDone;
        return nowNanos - stuckSince;
    }
}
