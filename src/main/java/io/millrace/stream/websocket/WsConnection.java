package io.millrace.stream.websocket;

import io.millrace.budget.Hold;
import io.millrace.budget.Share;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NoMemory;
import io.millrace.security.Caller;
import io.millrace.security.Quotas.Kind;
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
 * One WebSocket client. Its frames are handled on its event loop; subscriptions send from threads of their own. The
 * socket is not read while the client has too much unanswered: TCP then holds it back.
 */
final class WsConnection implements LiveStream, Answering {

    /** How long a client may take to answer a close frame. */
    private static final long CLOSING_NANOS = 2_000_000_000L;

    /** The socket is not read while waiting answers use a quarter of their bound or more. */
    private static final int PAUSE_DIVISOR = 4;

    private final Channel channel;
    private final Caller caller;
    private final StreamServices services;
    private final AgreedTerms terms;
    private final StreamProperties properties;
    private final Outbound out;
    private final Turns turns = new Turns();
    private final WsHealth health;
    private final FramePace pace;
    private final WsProducer producer;
    private final IncomingMessage incoming;
    private final WaitingCommands waiting;
    private final Map<String, WsSubscription> subscriptions = new ConcurrentHashMap<>();
    private boolean closing;

    /** The socket is no longer read, whatever the client still sends. */
    private boolean readingEnded;

    private volatile boolean reading = true;
    private volatile long closingSince;

    /** @param longest bytes of a message */
    WsConnection(Channel channel, Caller caller, StreamServices services, AgreedTerms terms, int longest) {
        this.channel = channel;
        this.caller = caller;
        this.services = services;
        this.terms = terms;
        this.properties = services.properties();
        this.out = new Outbound(channel, properties.inFlight().toBytes(), share(), services.ticker(), this::broken);
        this.health = new WsHealth(properties, out, services.ticker());
        this.pace =
                new FramePace(properties.maxSmallFrames(), channel.eventLoop(), services.ticker(), this::updateReading);
        this.producer = new WsProducer(services, this, channel.eventLoop());
        this.incoming = new IncomingMessage(share(), longest, services.ticker());
        this.waiting = new WaitingCommands(share().hold());
    }

    /** Handles what the client produces; event loop only. */
    WsProducer producer() {
        return producer;
    }

    FramePace pace() {
        return pace;
    }

    /** The client has shown that it is there. */
    void heard() {
        health.heard();
    }

    /** The message that is arriving; event loop only. */
    IncomingMessage incoming() {
        return incoming;
    }

    /** Accounts for what the decoder keeps; false if there is no memory, so that it must discard everything. */
    boolean undecoded(int readable, int capacity) {
        if (readable > 0) {
            health.heard(); // tick() checks how fast the message arrives
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
     * Closes the connection, as there is no memory for the message that is arriving. The rest is not read, as it would
     * only be discarded. The client gets the answer before it is disconnected.
     */
    void refuseMessage() {
        close(CloseReason.TOO_SLOW, NoMemory.DETAIL);
        readingEnded = true;
        updateReading();
    }

    /** Answers a ping; while the client does not take the answers, its socket is not read. */
    void receivedPing(byte[] payload) {
        health.heard();
        if (!closing) {
            out.answers().pong(payload, this::updateReading);
            updateReading();
        }
    }

    /** Carries out a frame, or hands it to the thread of its subscription. */
    void handle(ClientFrame frame, @Nullable String ref, int length) {
        pace.count(1);
        if (!(frame instanceof ClientFrame.Permit)) {
            services.quotas().take(caller, Kind.REQUESTS, 1);
        }
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
                    close(CloseReason.TOO_SLOW, "too many requests are waiting in subscription " + other.id());
                }
            }
        }
    }

    private void subscribe(ClientFrame.OfSubscription frame, long credits, @Nullable String ref, int length) {
        pace.count(FramePace.SUBSCRIPTION);
        if (subscriptions.containsKey(frame.id())) {
            throw new HubException(
                    HubError.SUBSCRIPTION_EXISTS, "this connection already has a subscription with this id");
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
            throw new HubException(HubError.UNKNOWN_SUBSCRIPTION, "this connection has no subscription with this id");
        }
        return subscription;
    }

    @Override
    public Share share() {
        return services.shares().of(channel);
    }

    @Override
    public Caller caller() {
        return caller;
    }

    /** The form in which the client gets records. */
    AgreedTerms terms() {
        return terms;
    }

    /** Forgets a subscription; its id may be used again. Any thread. */
    void ended(WsSubscription subscription) {
        subscriptions.remove(subscription.id(), subscription);
        // On the event loop, which hands no more commands to it: it has been removed.
        channel.eventLoop().execute(() -> {
            subscription.forget();
            updateReading();
        });
    }

    /** Waits until a subscription may take records; false if the time is over or the connection is gone. */
    boolean awaitSlot(Outbound.Sender sender, Duration wait) throws InterruptedException {
        return out.awaitSlot(sender, wait);
    }

    /** Decides which of the connection's subscriptions may take records. */
    Turns turns() {
        return turns;
    }

    /**
     * Sends records when there is room for them; false if the connection is gone.
     *
     * @param held whether memory is held for them already
     * @param stuck run if there is no room for a while
     */
    boolean send(Outbound.Sender sender, RecordsFrame frame, boolean held, Runnable stuck) throws InterruptedException {
        return out.send(sender, frame, held, stuck);
    }

    /** Sends a frame in order with the records; false if the connection is gone. */
    boolean send(Outbound.Sender sender, ServerFrame frame) throws InterruptedException {
        return out.send(sender, FrameWriter.sizeAbout(frame), () -> FrameWriter.write(frame));
    }

    /** A frame could not be written: closes the connection, so that the client sees it. */
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
            closeLater(CloseReason.TOO_SLOW, "the client does not read its answers");
        } else if (out.answers().overfull()) {
            closeLater(CloseReason.TOO_SLOW, NoMemory.DETAIL);
        }
    }

    /**
     * A subscription has ended because its client may no longer have it. Closes the connection if it has nothing else,
     * or if the client is no longer known. Any thread.
     */
    void lost(HubException refusal) {
        if (refusal.error() == HubError.UNAUTHENTICATED) {
            closeLater(CloseReason.UNAUTHENTICATED, refusal.detail());
        } else if (refusal.error() == HubError.FORBIDDEN && subscriptions.isEmpty()) {
            closeLater(CloseReason.FORBIDDEN, refusal.detail());
        }
    }

    /** Closes the connection of a member that was replaced. Any thread. */
    void fenced(String detail) {
        closeLater(CloseReason.FENCED, detail);
    }

    @Override
    public void updateReading() {
        boolean read = !readingEnded && mayRead();
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
                        && !pace.isResting()
                        && !waiting.full()
                        && !out.answers().pongWaits()
                        && out.answers().bytes() < properties.maxControlQueue().toBytes() / PAUSE_DIVISOR);
    }

    /** A command of a subscription has been carried out, or will not be. Any thread. */
    void done(long cost) {
        if (waiting.done(cost)) {
            channel.eventLoop().execute(this::updateReading);
        }
    }

    /** The client has sent a close frame, which {@link WsHandler} answers. */
    void closedByClient() {
        if (!closing) {
            closing = true;
            closingSince = services.ticker().nanos();
            stopSubscriptions();
            updateReading();
        }
    }

    /** Sends the reason and a close frame, which the client should answer; all else that it sends is ignored. */
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
        // After the answers, which a task of the same event loop writes.
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
        if (!caller.isKnown()) {
            closeLater(CloseReason.UNAUTHENTICATED, "the credentials have expired or were revoked");
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

    /** Closes the connection if a message has been arriving for too long. */
    private void checkMessage(long now) {
        long since = incoming.since();
        if (since != 0 && reading && now - since > services.connections().allowedNanos(incoming.bytes())) {
            closeLater(CloseReason.TOO_SLOW, "the client took too long to send a message");
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
