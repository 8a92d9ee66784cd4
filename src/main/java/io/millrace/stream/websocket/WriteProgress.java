package io.millrace.stream.websocket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/** Whether a client takes anything of what has been written to it. Event loop only. */
final class WriteProgress {

    private final Channel channel;
    private long writesDone;

    /** Where the writing stood when it was last looked at. */
    private long lastWritesDone = -1;

    private long lastProgress = -1;
    private long stuckSince;

    WriteProgress(Channel channel) {
        this.channel = channel;
    }

    /** The client has taken a frame. */
    void written() {
        writesDone++;
    }

    /** Since when the client has taken nothing of what waits for it, in nanoseconds. */
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
