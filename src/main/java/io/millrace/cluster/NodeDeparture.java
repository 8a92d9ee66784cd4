package io.millrace.cluster;

import io.millrace.background.BackgroundLoop;
import io.millrace.event.HubException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Gives the lease back when the node shuts down, after all that is done under its name. */
final class NodeDeparture implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(NodeDeparture.class);

    private final Node node;
    private final BackgroundLoop renewal;
    private volatile boolean running;

    NodeDeparture(Node node, BackgroundLoop renewal) {
        this.node = node;
        this.renewal = renewal;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        renewal.stop();
        try {
            node.leave();
        } catch (HubException unreachable) {
            log.debug("the lease is left to run out", unreachable);
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After the loops, so that nothing is begun under the name any more; the pool is closed later still. */
    @Override
    public int getPhase() {
        return -1;
    }
}
