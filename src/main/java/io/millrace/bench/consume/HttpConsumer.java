package io.millrace.bench.consume;

import io.millrace.bench.connection.BenchConnection;
import io.millrace.bench.format.Asciis;
import io.millrace.bench.hub.Refusals;
import io.millrace.bench.run.Run;
import io.millrace.client.HubUrl;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Arrays;

/** Reads over HTTP, one request after the other. Buffers the part of an answer's body that is not consumed yet. */
abstract class HttpConsumer extends BenchConnection {

    private static final int OK = 200;

    private final HubUrl hub;
    private final Consumer consumer;
    private int status;
    private byte[] body = new byte[64 * 1024];
    private int length;

    HttpConsumer(Run run, HubUrl hub, Consumer consumer) {
        super(run);
        this.hub = hub;
        this.consumer = consumer;
    }

    /** Sends the next request, if there is one. */
    abstract void next();

    /**
     * Consumes the available part of a body.
     *
     * @param whole whether the body is complete
     * @return how many bytes were consumed
     */
    abstract int take(byte[] text, int available, boolean whole);

    final Consumer consumer() {
        return consumer;
    }

    @Override
    protected final void connected() {
        opened();
        if (!consumer.done().isDone()) {
            next();
        }
    }

    /** @param resource with its query */
    final void get(String resource, String accept) {
        String request =
                "GET " + hub.path() + resource + " HTTP/1.1\r\n" + hub.headers() + "Accept: " + accept + "\r\n\r\n";
        byte[] bytes = Asciis.bytes(request);
        write(buffer(bytes.length).writeBytes(bytes));
    }

    /** The first partition that is not read to its end; there must be one. */
    final int unfinished() {
        return Arrays.stream(consumer.partitions())
                .filter(partition -> !consumer.offsets().finished(partition))
                .findFirst()
                .orElseThrow();
    }

    @Override
    protected final void received(Object message) {
        if (consumer.done().isDone()) {
            return;
        }
        if (message instanceof HttpResponse head) {
            status = head.status().code();
            length = 0;
        }
        if (message instanceof HttpContent part) {
            append(part.content());
            boolean whole = message instanceof LastHttpContent;
            if (status == OK) {
                int taken = take(body, length, whole);
                length -= taken;
                System.arraycopy(body, taken, body, 0, length);
                consumer.progress();
            } else if (whole) {
                throw Refusals.of("to read", status, Arrays.copyOf(body, length));
            }
            if (whole && !consumer.done().isDone()) {
                next();
            }
        }
    }

    private void append(ByteBuf content) {
        int more = content.readableBytes();
        if (length + more > body.length) {
            body = Arrays.copyOf(body, Math.max(length + more, 2 * body.length));
        }
        content.getBytes(content.readerIndex(), body, length, more);
        length += more;
    }

    /** Where the line that begins here ends; -1 if it is incomplete. */
    static int lineEnd(byte[] text, int from, int available) {
        for (int at = from; at < available; at++) {
            if (text[at] == '\n') {
                return at;
            }
        }
        return -1;
    }
}
