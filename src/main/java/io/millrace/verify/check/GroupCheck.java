package io.millrace.verify.check;

import io.millrace.verify.history.GroupEvent;
import io.millrace.verify.history.Logged;
import io.millrace.verify.history.Outcome;
import io.millrace.verify.history.Position;
import io.millrace.verify.history.Request;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks what clients saw of a group against its guarantees. */
public final class GroupCheck {

    /** What the history tells of faults. */
    public enum Faults {
        /** The history has all faults of hubs and clients: members without any keep their partitions and commits. */
        RECORDED,
        /** Hubs may have been killed or frozen at any time. */
        UNKNOWN
    }

    /** The refusals that a member may get once another member owns its partition. */
    public static final Set<String> FENCED = Set.of("stale_member_epoch", "member_fenced", "offset_beyond_end");

    private GroupCheck() {}

    /**
     * The violations.
     *
     * @param events in the order of time
     * @param log all records in the topic at the end
     */
    public static Findings of(List<GroupEvent> events, List<Logged> log, Faults faults) {
        return OwnerCheck.of(events, faults)
                .plus(OffsetCheck.of(events, log))
                .plus(ProcessingCheck.of(events, log, faults));
    }

    /**
     * The records that a group must have processed. Requests with an unknown outcome may be stored at any time, also
     * after the members have left: their records are left out unless they were processed, or committed.
     */
    public static List<Logged> due(List<Request> sent, List<GroupEvent> events, List<Logged> log) {
        Set<String> unknown = new HashSet<>();
        sent.stream()
                .filter(request -> request.outcome() instanceof Outcome.Unknown)
                .forEach(request -> unknown.add(request.id()));
        Map<Integer, Long> committed = new HashMap<>();
        Set<Position> processed = new HashSet<>();
        for (GroupEvent event : events) {
            switch (event) {
                case GroupEvent.Observed now -> committed.put(now.partition(), now.nextOffset());
                case GroupEvent.Processed record -> processed.add(new Position(record.partition(), record.offset()));
                default -> {
                    // Says nothing about what was read.
                }
            }
        }
        return log.stream()
                .filter(logged -> !unknown.contains(logged.mark().request())
                        || logged.at().offset()
                                < committed.getOrDefault(logged.at().partition(), 0L)
                        || processed.contains(logged.at()))
                .toList();
    }
}
