package io.millrace.assignor;

import java.util.Arrays;
import java.util.Optional;

/** How a group's partitions are distributed over its members. The names and meanings are Kafka's. */
public enum AssignorName {
    /** All members have equally many partitions, as far as subscriptions allow, and keep what they have if they can. */
    STICKY("sticky", new StickyAssignor()),
    /** Each topic is cut into one range for each member, so that topics with equally many partitions align. */
    RANGE("range", new RangeAssignor()),
    /** All partitions of all topics are dealt in turn. */
    ROUND_ROBIN("round_robin", new RoundRobinAssignor());

    private final String code;
    private final Assignor assignor;

    AssignorName(String code, Assignor assignor) {
        this.code = code;
        this.assignor = assignor;
    }

    /** The name as it is written in requests and in the database. */
    public String code() {
        return code;
    }

    /** The assignor with this code, if there is one. */
    public static Optional<AssignorName> of(String code) {
        return Arrays.stream(values()).filter(name -> name.code.equals(code)).findFirst();
    }

    public Assignor assignor() {
        return assignor;
    }
}
