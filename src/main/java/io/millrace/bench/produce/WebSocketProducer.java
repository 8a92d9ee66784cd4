package io.millrace.bench.produce;

import io.millrace.bench.connection.WebSocketConnection;
import io.millrace.bench.format.Answer;
import io.millrace.bench.format.AnswerScanner;
import io.millrace.bench.format.Subprotocol;
import io.millrace.bench.hub.Refusals;
import io.millrace.bench.run.BenchException;
import io.millrace.bench.run.Run;
import io.millrace.client.HubUrl;
import io.millrace.client.message.Frame;
import io.millrace.client.message.Problem;
import io.netty.buffer.ByteBuf;
import java.time.Duration;

/**
 * Stores records with WebSocket frames. The {@code ref} of a request is the index of the slot with its time, so answers
 * may come in any order.
 */
final class WebSocketProducer extends WebSocketConnection implements ProducerConnection {

    /** The pause after a refusal: HTTP has {@code Retry-After}, frames have no such field. */
    private static final Duration REST = Duration.ofSeconds(1);

    private final AnswerScanner answers;
    private final ProducerLoop loop;
    private final long[] sent;
    private final int[] free;
    private int freeCount;

    WebSocketProducer(Run run, HubUrl hub, Subprotocol subprotocol, ProducerLoop loop) {
        super(run, hub, subprotocol);
        this.answers = subprotocol.answers();
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
        sendRecords(loop.batch().render(ref, due));
    }

    @Override
    protected boolean take(ByteBuf frame) {
        Answer answer = answers.answer(frame);
        if (answer == null) {
            return false;
        }
        int expected = loop.expectedPositions();
        if (answer.positions() != expected) {
            throw new BenchException("the hub answered for " + answer.positions() + " records instead of " + expected);
        }
        free[freeCount++] = answer.ref();
        loop.answered(this, sent[answer.ref()]);
        return true;
    }

    @Override
    protected void other(Frame frame) {
        if (!(frame instanceof Frame.Error(String id, String ref, Problem problem))
                || ref.isEmpty()
                || !problem.isOverload()) {
            throw Refusals.unexpected(frame);
        }
        int place = Integer.parseInt(ref);
        free[freeCount++] = place;
        loop.refused(this, sent[place], REST);
    }
}
