package io.millrace.group;

import io.millrace.background.Departure;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Lets the members of a node that shuts down leave before it goes, so that their partitions need not wait for the end
 * of its lease.
 */
@Component
final class GroupDeparture extends Departure {

    private static final Logger log = LoggerFactory.getLogger(GroupDeparture.class);

    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final LocalMembers members;
    private final GroupChanges changes;

    GroupDeparture(LocalMembers members, GroupChanges changes) {
        this.members = members;
        this.changes = changes;
    }

    @Override
    protected void depart() {
        List.copyOf(members.all()).forEach(Membership::close);
        try {
            changes.awaitIdle(LONGEST);
        } catch (InterruptedException interrupted) {
            log.warn("interrupted while members were leaving");
            Thread.currentThread().interrupt();
        }
    }

    /** After the web server, which ends the connections, and before the loops. */
    @Override
    public int getPhase() {
        return 1;
    }
}
