package io.millrace.cluster;

import io.millrace.background.Departure;
import io.millrace.event.HubException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the lease back when the node shuts down, after all that is done under its name. */
final class NodeDeparture extends Departure {

    private static final Logger log = LoggerFactory.getLogger(NodeDeparture.class);

    private final Node node;

    NodeDeparture(Node node) {
        this.node = node;
    }

    @Override
    protected void depart() {
        try {
            node.leave();
        } catch (HubException unreachable) {
            log.debug("the lease is left to run out", unreachable);
        }
    }

    /** After the loops, so that nothing more is begun under the name; the pool is closed later still. */
    @Override
    public int getPhase() {
        return -1;
    }
}
