package io.millrace.event;

/** What a client is told when the budget has no memory for what it wants. */
public final class NoMemory {

    public static final String DETAIL = "the node holds as much for its clients as it may";

    private NoMemory() {}

    public static HubException refusal() {
        return new HubException(HubError.OVERLOADED, DETAIL);
    }
}
