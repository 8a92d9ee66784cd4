package io.millrace.event;

/** The refusal of a request for which the budget has no memory. */
public final class NoMemory {

    public static final String DETAIL = "the node has no memory left for this request";

    private NoMemory() {}

    public static HubException refusal() {
        return new HubException(HubError.OVERLOADED, DETAIL);
    }
}
