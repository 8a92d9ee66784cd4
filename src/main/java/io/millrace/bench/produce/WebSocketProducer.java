package io.millrace.bench.produce;

import io.millrace.bench.connection.WebSocketConnection;
import io.millrace.bench.format.Asciis;
import io.millrace.bench.format.Batch;
import io.millrace.bench.format.RequestFormat;
import io.millrace.bench.format.Subprotocol;
import io.millrace.bench.hub.HubUrl;
import io.millrace.bench.hub.Problem;
import io.millrace.bench.run.BenchException;
import io.millrace.bench.run.Run;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/**
 * Stores records by frames. The {@code ref} of a request is the number of the place where its time is kept, so answers
 * may come in any order.
 */
final class WebSocketProducer extends WebSocketConnection implements ProducerConnection {

    private static final byte[] PRODUCED = Asciis.bytes("{\"type\":\"produced\",\"ref\":\"");

    /** The hub says so in HTTP; in frames it says nothing. */
    private static final Duration REST = Duration.ofSeconds(1);

    private final ProducerLoop loop;
    private final long[] sent;
    private final int[] free;
    private int freeCount;

    WebSocketProducer(Run run, HubUrl hub, Subprotocol subprotocol, ProducerLoop loop) {
        super(run, hub, subprotocol);
        this.loop = loop;
        this.sent = new long[loop.inFlight()];
        this.free = new int[loop.inFlight()];
        for (int i = 0; i < free.length; i++) {
            free[freeCount++] = i;
        }
    }

    @Override
    public void send(long due) {
        int ref = free[--freeCount];
        sent[ref] = due;
        Batch batch = loop.batch();
        sendText(batch.render(ref, due), batch.length());
    }

    @Override
    protected void text(ByteBuf buffer, int from, int length) {
        if (Asciis.startsWith(buffer, from, length, PRODUCED)) {
            int ref = ref(buffer, from + PRODUCED.length);
            // One brace is the frame's own. With acks=0 there are no positions.
            int positions = Asciis.count(buffer, from, length, '{') - 1;
            answered(ref, positions);
        } else {
            other(parse(buffer, from, length));
        }
    }

    private static int ref(ByteBuf buffer, int from) {
        int ref = 0;
        for (int at = from; at < from + RequestFormat.REF_DIGITS; at++) {
            ref = ref * 10 + buffer.getByte(at) - '0';
        }
        return ref;
    }

    private void answered(int ref, int positions) {
        int expected = loop.expectedPositions();
        if (positions != expected) {
            throw new BenchException("the hub answered for " + positions + " records instead of " + expected);
        }
        free[freeCount++] = ref;
        loop.answered(this, sent[ref]);
    }

    private void other(JsonNode frame) {
        String ref = frame.path("ref").asString("");
        Problem problem = Problem.of(frame.path("problem"));
        if (ref.isEmpty() || !Problem.isOverload(problem.status())) {
            throw Problem.unexpected(frame);
        }
        int place = Integer.parseInt(ref);
        free[freeCount++] = place;
        loop.refused(this, sent[place], REST);
    }
}
