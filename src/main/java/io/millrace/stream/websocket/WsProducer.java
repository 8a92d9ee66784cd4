package io.millrace.stream.websocket;

import io.millrace.append.Appended;
import io.millrace.budget.Hold;
import io.millrace.codec.BinaryFrames;
import io.millrace.codec.ProduceFrame;
import io.millrace.event.Acks;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.event.NoMemory;
import io.millrace.event.Place;
import io.millrace.event.Violation;
import io.millrace.http.Blocking;
import io.millrace.stream.StreamServices;
import io.millrace.topic.Topic;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What one connection produces, in the order in which it came: a request whose topic must be looked up lets all behind
 * it wait. A request is outstanding until the client has taken the answer, so that one who does not read answers is not
 * read from either. Used on the event loop only.
 */
final class WsProducer {

    private record Request(ProduceFrame frame, int bytes, Subprotocol form) {}

    private final StreamServices services;
    private final WsConnection connection;
    private final EventLoop eventLoop;
    private final Queue<Request> waiting = new ArrayDeque<>();
    private final Hold held;
    private int outstanding;
    private long outstandingBytes;

    WsProducer(StreamServices services, WsConnection connection, EventLoop eventLoop) {
        this.services = services;
        this.connection = connection;
        this.eventLoop = eventLoop;
        this.held = connection.share().hold();
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
     * @param form that of the frame, in which it is answered
     */
    void produce(ProduceFrame frame, int bytes, Subprotocol form) {
        outstanding++;
        outstandingBytes += bytes;
        Request request = new Request(frame, bytes, form);
        boolean first = waiting.isEmpty();
        Topic topic = first ? services.catalogue().cached(frame.topic()) : null;
        if (topic == null) {
            if (!held.grow(WaitingCommands.cost(bytes))) {
                refused(request, NoMemory.refusal());
                return;
            }
            waiting.add(request);
            if (first) {
                lookUp(frame.topic());
            }
        } else {
            append(topic, request);
        }
    }

    private void lookUp(String name) {
        Blocking.call(() -> services.catalogue().require(name))
                .subscribe(
                        topic -> eventLoop.execute(() -> lookedUp(name, topic, null)),
                        failure -> eventLoop.execute(() -> lookedUp(
                                name, null, failure instanceof HubException known ? known : internal(failure))));
    }

    private void lookedUp(String name, @Nullable Topic found, @Nullable HubException failure) {
        for (Request next = waiting.peek(); next != null; next = waiting.peek()) {
            boolean same = next.frame().topic().equals(name);
            Topic topic =
                    same ? found : services.catalogue().cached(next.frame().topic());
            if (topic != null) {
                append(topic, next);
            } else if (same && failure != null) {
                refused(next, failure);
            } else {
                lookUp(next.frame().topic());
                return;
            }
            waiting.remove();
            held.shrink(WaitingCommands.cost(next.bytes()));
        }
        connection.updateReading();
    }

    private void append(Topic topic, Request request) {
        ProduceFrame frame = request.frame();
        try {
            checkSizes(topic, frame);
            services.appender()
                    .append(topic, frame.records(), frame.acks())
                    .whenComplete((appended, failure) -> answer(request, appended, failure));
        } catch (HubException refusal) {
            refused(request, refusal);
        } catch (RuntimeException failure) {
            refused(request, internal(failure));
        }
    }

    /** Called by whoever completes the append. */
    private void answer(Request request, @Nullable Appended appended, @Nullable Throwable failure) {
        ProduceFrame frame = request.frame();
        if (appended == null) {
            Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
            HubException refusal = cause instanceof HubException known ? known : internal(cause);
            if (refusal.error() == HubError.UNKNOWN_TOPIC) {
                services.catalogue().invalidate(frame.topic());
            }
            refused(request, refusal);
        } else if (frame.acks() == Acks.NONE && frame.ref() == null) {
            eventLoop.execute(() -> done(request));
        } else {
            answer(request, appended);
        }
    }

    private void answer(Request request, Appended appended) {
        @Nullable String ref = request.frame().ref();
        switch (request.form()) {
            case JSON -> connection.answer(new ServerFrame.Produced(ref, appended), () -> done(request));
            case BINARY ->
                connection.answer(
                        BinaryFrames.produced(ref, appended.partitions(), appended.offsets()), () -> done(request));
        }
    }

    private void refused(Request request, HubException refusal) {
        connection.answer(new ServerFrame.Failed(request.frame().ref(), null, refusal), () -> done(request));
    }

    private void done(Request request) {
        outstanding--;
        outstandingBytes -= request.bytes();
        connection.updateReading();
    }

    private static void checkSizes(Topic topic, ProduceFrame frame) {
        int most = topic.config().maxRecordBytes();
        for (int i = 0; i < frame.records().size(); i++) {
            NewRecord record = frame.records().get(i);
            if (record.size() > most) {
                String detail = "the record has " + record.size() + " bytes; topic " + topic.name() + " takes " + most;
                throw new HubException(
                        HubError.RECORD_TOO_LARGE, detail, new Violation(Place.record(i), "record_too_large", detail));
            }
        }
    }

    private static HubException internal(@Nullable Throwable failure) {
        HubException internal = new HubException(HubError.INTERNAL, "the hub failed to store the records");
        return failure == null ? internal : internal.causedBy(failure);
    }
}
