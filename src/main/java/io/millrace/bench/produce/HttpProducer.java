package io.millrace.bench.produce;

import io.millrace.bench.connection.BenchConnection;
import io.millrace.bench.format.Asciis;
import io.millrace.bench.format.Batch;
import io.millrace.bench.hub.Refusals;
import io.millrace.bench.run.BenchException;
import io.millrace.bench.run.Run;
import io.millrace.client.message.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Stores records with HTTP requests, written as bytes. Checks the status of an answer and its number of records: the
 * number of positions or, for other answers, the number that it begins with.
 */
final class HttpProducer extends BenchConnection implements ProducerConnection {

    private static final byte[] NUMBER = Asciis.bytes("{\"records\":");
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int MOST_KEPT = 64 * 1024;
    private static final String ONE_SECOND = "1";

    private final ProducerLoop loop;
    private final long[] sent;
    private long first;
    private long last;

    private int status;
    private String retryAfter = ONE_SECOND;
    private int objects;
    private long number;
    private boolean begun;
    private @Nullable ByteArrayOutputStream refusal;

    HttpProducer(Run run, ProducerLoop loop) {
        super(run);
        this.loop = loop;
        this.sent = new long[loop.inFlight()];
    }

    @Override
    protected void connected() {
        opened();
    }

    @Override
    public void send(long due) {
        Batch batch = loop.batch();
        sent[(int) (last++ % sent.length)] = due;
        write(buffer(batch.length()).writeBytes(batch.render(due)));
    }

    @Override
    protected void received(Object message) {
        if (message instanceof HttpResponse head) {
            begin(head);
        }
        if (message instanceof HttpContent part) {
            take(part.content());
            if (message instanceof LastHttpContent) {
                answered();
            }
        }
    }

    private void begin(HttpResponse head) {
        if (head.decoderResult().isFailure()) {
            throw new BenchException("the hub's answer is not HTTP: "
                    + head.decoderResult().cause().getMessage());
        }
        status = head.status().code();
        objects = 0;
        number = 0;
        begun = false;
        if (status != OK && status != ACCEPTED) {
            retryAfter = Objects.requireNonNullElse(head.headers().get(HttpHeaderNames.RETRY_AFTER), ONE_SECOND);
            refusal = new ByteArrayOutputStream();
        }
    }

    private void take(ByteBuf content) {
        int length = content.readableBytes();
        int from = content.readerIndex();
        ByteArrayOutputStream kept = refusal;
        if (kept != null) {
            byte[] part = new byte[Math.min(length, MOST_KEPT - kept.size())];
            content.getBytes(from, part);
            kept.writeBytes(part);
            return;
        }
        objects += Asciis.count(content, from, length, '{');
        if (!begun && length > 0) {
            begun = true;
            number = Asciis.startsWith(content, from, NUMBER) ? number(content, from + NUMBER.length) : 0;
        }
    }

    private static long number(ByteBuf text, int from) {
        long number = 0;
        for (int at = from; at < text.writerIndex() && Character.isDigit(text.getByte(at)); at++) {
            number = number * 10 + text.getByte(at) - '0';
        }
        return number;
    }

    private void answered() {
        if (first == last) {
            throw new BenchException("the hub answered a request that was not sent");
        }
        long due = sent[(int) (first++ % sent.length)];
        int records = loop.batch().records();
        ByteArrayOutputStream kept = refusal;
        if (kept != null) {
            refusal = null;
            if (!Problem.parse(status, kept.toByteArray()).isOverload()) {
                throw Refusals.of("to store records", status, kept.toByteArray());
            }
            loop.refused(this, due, seconds(retryAfter));
        } else if (objects - 1 == records || number == records) {
            loop.answered(this, due);
        } else {
            throw new BenchException(
                    "the hub answered for " + Math.max(objects - 1, number) + " records instead of " + records);
        }
    }

    private static Duration seconds(String header) {
        try {
            return Duration.ofSeconds(Long.parseLong(header.strip()));
        } catch (NumberFormatException date) {
            return Duration.ofSeconds(1);
        }
    }
}
