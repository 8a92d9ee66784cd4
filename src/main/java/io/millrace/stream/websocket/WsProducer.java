package io.millrace.stream.websocket;

import io.millrace.budget.Hold;
import io.millrace.codec.BinaryFrames;
import io.millrace.codec.ProduceFrame;
import io.millrace.event.Acks;
import io.millrace.event.Appended;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NoMemory;
import io.millrace.http.Blocking;
import io.millrace.produce.Terms;
import io.millrace.produce.TopicProducer;
import io.millrace.security.Quotas.Kind;
import io.millrace.stream.StreamServices;
import io.millrace.stream.websocket.frame.ServerFrame;
import io.millrace.stream.websocket.frame.Subprotocol;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Produce requests of one connection, in order of arrival: a request whose topic must be looked up holds up those after
 * it. A request is outstanding until the client has taken the answer: the socket of a client that does not read its
 * answers is not read either. Used on the event loop only.
 */
final class WsProducer {

    private record Request(ProduceFrame frame, int bytes, Subprotocol form) {}

    private final StreamServices services;
    private final Answering client;
    private final EventLoop eventLoop;
    private final Queue<Request> waiting = new ArrayDeque<>();
    private final Hold held;
    private int outstanding;
    private long outstandingBytes;

    WsProducer(StreamServices services, Answering client, EventLoop eventLoop) {
        this.services = services;
        this.client = client;
        this.eventLoop = eventLoop;
        this.held = client.share().hold();
    }

    /** The connection is gone. */
    void close() {
        held.close();
    }

    /** Whether nothing more should be read from the client for now. */
    boolean saturated() {
        return outstanding >= services.properties().maxOutstanding()
                || outstandingBytes
                        >= services.properties().maxOutstandingBytes().toBytes()
                || !waiting.isEmpty();
    }

    /**
     * @param bytes the frame's length
     * @param form of the frame, and of its answer
     */
    void produce(ProduceFrame frame, int bytes, Subprotocol form) {
        outstanding++;
        outstandingBytes += bytes;
        Request request = new Request(frame, bytes, form);
        try {
            services.quotas().take(client.caller(), Kind.REQUESTS, 1);
        } catch (HubException refusal) {
            refused(request, refusal);
            return;
        }
        boolean first = waiting.isEmpty();
        if (!first || !produceIfKnown(request)) {
            if (!held.grow(WaitingCommands.cost(bytes))) {
                refused(request, NoMemory.refusal());
                return;
            }
            waiting.add(request);
            if (first) {
                lookUp(frame.topic());
            }
        }
    }

    private void lookUp(String name) {
        Blocking.call(() -> services.producing().require(client.caller(), name))
                .subscribe(
                        topic -> eventLoop.execute(() -> lookedUp(name, topic, null)),
                        failure -> eventLoop.execute(() -> lookedUp(name, null, asHubException(failure))));
    }

    private void lookedUp(String name, @Nullable TopicProducer found, @Nullable HubException failure) {
        for (Request next = waiting.peek(); next != null; next = waiting.peek()) {
            String topic = next.frame().topic();
            if (topic.equals(name) && failure != null) {
                refused(next, failure);
            } else if (!(topic.equals(name) ? produce(found, next) : produceIfKnown(next))) {
                lookUp(topic);
                return;
            }
            waiting.remove();
            held.shrink(WaitingCommands.cost(next.bytes()));
        }
        client.updateReading();
    }

    /** Stores or refuses a request; false if its topic has to be looked up first. */
    private boolean produceIfKnown(Request request) {
        try {
            return produce(
                    services.producing().known(client.caller(), request.frame().topic()), request);
        } catch (HubException refusal) {
            refused(request, refusal);
            return true;
        }
    }

    private boolean produce(@Nullable TopicProducer topic, Request request) {
        if (topic == null) {
            return false;
        }
        ProduceFrame frame = request.frame();
        try {
            topic.produce(frame.records(), new Terms(frame.acks()))
                    .whenComplete((appended, failure) -> answer(request, appended, failure));
        } catch (RuntimeException failure) {
            refused(request, asHubException(failure));
        }
        return true;
    }

    /** Called on the thread that completes the append. */
    private void answer(Request request, @Nullable Appended appended, @Nullable Throwable failure) {
        ProduceFrame frame = request.frame();
        if (appended == null) {
            refused(request, asHubException(failure));
        } else if (frame.acks() == Acks.NONE && frame.ref() == null) {
            eventLoop.execute(() -> done(request));
        } else {
            answer(request, appended);
        }
    }

    private void answer(Request request, Appended appended) {
        @Nullable String ref = request.frame().ref();
        switch (request.form()) {
            case JSON -> client.answer(new ServerFrame.Produced(ref, appended), () -> done(request));
            case BINARY ->
                client.answer(
                        BinaryFrames.produced(ref, appended.partitions(), appended.offsets()), () -> done(request));
        }
    }

    private void refused(Request request, HubException refusal) {
        client.answer(new ServerFrame.Failed(request.frame().ref(), null, refusal), () -> done(request));
    }

    private void done(Request request) {
        outstanding--;
        outstandingBytes -= request.bytes();
        client.updateReading();
    }

    private static HubException asHubException(@Nullable Throwable failure) {
        String detail = "the hub failed to store the records";
        return failure == null ? new HubException(HubError.INTERNAL, detail) : HubException.of(failure, detail);
    }
}
