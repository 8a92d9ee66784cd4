package io.millrace.event;

/** How much must have happened before an append is answered. The names and meanings are Kafka's. */
public enum Acks {
    /** Answered once the hub has accepted the request, before anything is stored and without offsets. */
    NONE("0"),
    /** Answered once the primary has flushed the commit to its disk. */
    LEADER("1"),
    /** Answered once every synchronous standby has flushed the commit too. */
    ALL("all");

    private final String parameter;

    Acks(String parameter) {
        this.parameter = parameter;
    }

    /** The level as clients write it: {@code 0}, {@code 1} or {@code all}. */
    public String parameter() {
        return parameter;
    }

    /**
     * Parses a level.
     *
     * @throws HubException {@link HubError#INVALID_REQUEST} for anything but {@code 0}, {@code 1}, {@code all} and
     *     Kafka's other name for the last, {@code -1}
     */
    public static Acks parse(String parameter) {
        return switch (parameter) {
            case "0" -> NONE;
            case "1" -> LEADER;
            case "all", "-1" -> ALL;
            default -> throw new HubException(HubError.INVALID_REQUEST, "acks must be 0, 1 or all");
        };
    }
}
