package io.millrace.group;

import io.millrace.event.StartPosition;
import java.util.Collection;
import java.util.Map;

/** Tells where partitions begin for a group that has no offset there. */
interface StartOffsets {

    /** The offset that a position means right now in each of these partitions, by partition id. */
    Map<Integer, Long> resolve(Collection<Integer> partitionIds, StartPosition from);
}
