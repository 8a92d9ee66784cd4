package io.millrace.stream.websocket;

import io.millrace.budget.Hold;
import io.millrace.budget.Share;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NoMemory;
import io.millrace.stream.LiveStream;
import io.millrace.stream.StreamMetrics;
import io.millrace.stream.StreamProperties;
import io.millrace.stream.StreamServices;
import io.millrace.stream.websocket.frame.AgreedTerms;
import io.millrace.stream.websocket.frame.ClientFrame;
import io.millrace.stream.websocket.frame.FrameWriter;
import io.millrace.stream.websocket.frame.RecordsFrame;
import io.millrace.stream.websocket.frame.ServerFrame;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket client. What it sends is handled on its event loop; subscriptions send from threads of their own. The
 * socket is not read while the client has too much unanswered: TCP then stops it.
 */
final class WsConnection implements LiveStream, Answering {

    /** How long a client may take to answer the closing of the connection. */
    private static final long CLOSING_NANOS = 2_000_000_000L;

    /** Answers to one client may wait up to a share of their bound before its socket is not read. */
    private static final int RESTRAINT = 4;

    private final Channel channel;
    private final StreamServices services;
    private final AgreedTerms terms;
    private final StreamProperties properties;
    private final Outbound out;
    private final Turns turns = new Turns();
    private final WsHealth health;
    private final WsProducer producer;
    private final IncomingMessage incoming;
    private final WaitingCommands waiting;
    private final Map<String, WsSubscription> subscriptions = new ConcurrentHashMap<>();
    private boolean closing;

    /** What the client still sends is not even looked at. */
    private boolean deaf;

    private volatile boolean reading = true;
    private volatile long closingSince;

    /** @param longest bytes of a message */
    WsConnection(Channel channel, StreamServices services, AgreedTerms terms, int longest) {
        this.channel = channel;
        this.services = services;
        this.terms = terms;
        this.properties = services.properties();
        this.out = new Outbound(channel, properties.inFlight().toBytes(), share(), services.ticker(), this::broken);
        this.health = new WsHealth(properties, out, services.ticker());
        this.producer = new WsProducer(services, this, channel.eventLoop());
        this.incoming = new IncomingMessage(share(), longest, services.ticker());
        this.waiting = new WaitingCommands(share().hold());
    }

    /** What the client produces; event loop only, as is all that follows up to {@link #close}. */
    WsProducer producer() {
        return producer;
    }

    /** The client is there. */
    void heard() {
        health.heard();
    }

    /** What has come of a message that has not ended; event loop only. */
    IncomingMessage incoming() {
        return incoming;
    }

    /** Says what the decoder keeps; false if it must keep nothing more, as there is no memory for it. */
    boolean undecoded(int readable, int capacity) {
        if (readable > 0) {
            health.heard(); // its pace is looked at in tick
        }
        if (incoming.undecoded(readable, capacity)) {
            return true;
        }
        if (closing) {
            channel.close();
        }
        refuseMessage();
        return false;
    }

    /**
     * There is no memory for the message that is coming. The rest of it is not read, only to be thrown away: it stays
     * with the client, which gets the answer before it is cut off.
     */
    void refuseMessage() {
        close(CloseReason.TOO_SLOW, NoMemory.DETAIL);
        deaf = true;
        updateReading();
    }

    /** Answers a ping; who does not take the answers is not read from. */
    void receivedPing(byte[] payload) {
        health.heard();
        if (!closing) {
            out.answers().pong(payload, this::updateReading);
            updateReading();
        }
    }

    /** Does what a frame asks for. */
    void handle(ClientFrame frame, @Nullable String ref, int length) {
        switch (frame) {
            case ClientFrame.SubscribeTopics topics -> subscribe(topics, topics.credits(), ref, length);
            case ClientFrame.SubscribePartitions some -> subscribe(some, some.credits(), ref, length);
            case ClientFrame.SubscribeGroup group -> subscribe(group, group.credits(), ref, length);
            case ClientFrame.Permit permit -> subscription(permit.id()).permit(permit.records());
            case ClientFrame.OfSubscription other -> {
                WsSubscription subscription = subscription(other.id());
                long cost = waiting.take(length);
                if (!subscription.command(other, ref, cost)) {
                    waiting.done(cost);
                    close(CloseReason.TOO_SLOW, "too many requests wait in subscription " + other.id());
                }
            }
        }
    }

    private void subscribe(ClientFrame.OfSubscription frame, long credits, @Nullable String ref, int length) {
        if (subscriptions.containsKey(frame.id())) {
            throw new HubException(
                    HubError.SUBSCRIPTION_EXISTS, "there is a subscription of that id on this connection");
        }
        if (subscriptions.size() >= properties.maxSubscriptions()) {
            throw new HubException(
                    HubError.TOO_SLOW,
                    "a connection has at most " + properties.maxSubscriptions() + " subscriptions; end one first");
        }
        Hold opening = share().hold();
        if (!opening.grow(WaitingCommands.cost(length))) {
            throw NoMemory.refusal();
        }
        WsSubscription subscription = new WsSubscription(services, this, frame, credits, ref);
        subscription.holds(opening);
        subscriptions.put(frame.id(), subscription);
        Thread.ofVirtual().name("ws-subscription").start(subscription);
    }

    private WsSubscription subscription(String id) {
        WsSubscription subscription = subscriptions.get(id);
        if (subscription == null) {
            throw new HubException(
                    HubError.UNKNOWN_SUBSCRIPTION, "there is no subscription of that id on this connection");
        }
        return subscription;
    }

    @Override
    public Share share() {
        return services.shares().of(channel);
    }

    /** In which form the client gets records. */
    AgreedTerms terms() {
        return terms;
    }

    /** Forgets a subscription; its id may be used again. Any thread. */
    void ended(WsSubscription subscription) {
        subscriptions.remove(subscription.id(), subscription);
        // There, as nothing can be asked of it any more.
        channel.eventLoop().execute(() -> {
            subscription.forget();
            updateReading();
        });
    }

    /** Waits until a subscription may take records; false if that was in vain, or the connection is gone. */
    boolean awaitTurn(Outbound.Lane lane, Duration wait) throws InterruptedException {
        return out.awaitTurn(lane, wait);
    }

    /** Which of the connection's subscriptions may take records. */
    Turns turns() {
        return turns;
    }

    /**
     * Sends records when there is room for them; false if the connection is gone.
     *
     * @param held whether memory is held for them already
     * @param stuck run if that takes a while
     */
    boolean send(Outbound.Lane lane, RecordsFrame frame, boolean held, Runnable stuck) throws InterruptedException {
        return out.send(lane, frame, held, stuck);
    }

    /** Sends a frame that has its place among the records; false if the connection is gone. */
    boolean send(Outbound.Lane lane, ServerFrame frame) throws InterruptedException {
        return out.send(lane, FrameWriter.sizeAbout(frame), () -> FrameWriter.write(frame));
    }

    /** A frame could not be written, and the client is to see that. */
    private void broken(Throwable failure) {
        services.brokenAnswers().count(channel, failure);
        closeLater(CloseReason.INTERNAL, "the hub could not send a frame");
    }

    @Override
    public void answer(ServerFrame frame, Runnable written) {
        out.answers().send(FrameWriter.write(frame), written);
        checkAnswers();
    }

    @Override
    public void answer(byte[] frame, Runnable written) {
        out.answers().send(frame, written);
        checkAnswers();
    }

    private void checkAnswers() {
        if (out.answers().bytes() > properties.maxControlQueue().toBytes()) {
            closeLater(CloseReason.TOO_SLOW, "answers wait that the client does not read");
        } else if (out.answers().overfull()) {
            closeLater(CloseReason.TOO_SLOW, NoMemory.DETAIL);
        }
    }

    /** Ends the connection of a member whose place was taken. Any thread. */
    void fenced(String detail) {
        closeLater(CloseReason.FENCED, detail);
    }

    @Override
    public void updateReading() {
        boolean read = !deaf && mayRead();
        if (read != reading) {
            reading = read;
            health.heard();
            incoming.resumed();
            channel.config().setAutoRead(read);
        }
    }

    private boolean mayRead() {
        return closing
                || (!producer.saturated()
                        && !waiting.many()
                        && !out.answers().pongWaits()
                        && out.answers().bytes() < properties.maxControlQueue().toBytes() / RESTRAINT);
    }

    /** A command of a subscription has been carried out, or will not be. Any thread. */
    void done(long cost) {
        if (waiting.done(cost)) {
            channel.eventLoop().execute(this::updateReading);
        }
    }

    /** The client has asked to close; it gets its answer, and no more. */
    void closedByClient() {
        if (!closing) {
            closing = true;
            closingSince = services.ticker().nanos();
            stopSubscriptions();
            updateReading();
        }
    }

    /** Says why, and closes. What the client still sends is ignored; it should answer with a close frame. */
    void close(CloseReason reason, String detail) {
        if (closing) {
            return;
        }
        closing = true;
        closingSince = services.ticker().nanos();
        if (reason == CloseReason.TOO_SLOW) {
            services.metrics().tooSlow(StreamMetrics.Protocol.WEBSOCKET);
        }
        stopSubscriptions();
        if (reason == CloseReason.DRAINING) {
            answer(new ServerFrame.Draining(), () -> {});
        }
        answer(new ServerFrame.Failed(null, null, new HubException(reason.error(), detail)), () -> {});
        // Behind the answers, which are written by a task of the same event loop.
        channel.eventLoop().execute(() -> channel.writeAndFlush(new CloseWebSocketFrame(reason.code(), detail)));
        updateReading();
    }

    private void closeLater(CloseReason reason, String detail) {
        channel.eventLoop().execute(() -> close(reason, detail));
    }

    /** The connection is gone; called once. */
    void closed() {
        closing = true;
        stopSubscriptions();
        out.release();
        incoming.close();
        waiting.close();
        producer.close();
        services.streams().remove(this);
        services.metrics().connected(StreamMetrics.Protocol.WEBSOCKET, -1);
    }

    private void stopSubscriptions() {
        subscriptions.values().forEach(WsSubscription::stop);
        out.close();
    }

    boolean closing() {
        return closing;
    }

    @Override
    public void tick(long now) {
        long since = closingSince;
        if (since != 0) {
            if (now - since > CLOSING_NANOS) {
                channel.close();
            }
            return;
        }
        subscriptions.values().forEach(WsSubscription::tick);
        checkMessage(now);
        if (out.pending()) {
            channel.eventLoop().execute(() -> checkProgress(now));
        }
        if (!health.ping(now) && reading) {
            closeLater(CloseReason.TOO_SLOW, "the client does not answer pings");
        }
    }

    /** Whether a message has begun that does not come to its end. */
    private void checkMessage(long now) {
        long since = incoming.since();
        if (since != 0 && reading && now - since > services.connections().allowedNanos(incoming.bytes())) {
            closeLater(CloseReason.TOO_SLOW, "a message did not come to its end in the time that there is for it");
        }
    }

    private void checkProgress(long now) {
        String stalled = health.stalled(now);
        if (stalled != null) {
            close(CloseReason.TOO_SLOW, stalled);
        }
    }

    @Override
    public void drain() {
        closeLater(CloseReason.DRAINING, "this node is shutting down; connect again");
    }

    @Override
    public long lag() {
        return subscriptions.values().stream().mapToLong(WsSubscription::lag).sum();
    }
}
