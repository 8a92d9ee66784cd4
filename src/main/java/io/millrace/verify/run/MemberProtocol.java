package io.millrace.verify.run;

import java.util.Locale;

/** How a member of the group reads. */
public enum MemberProtocol {
    WEBSOCKET,
    SSE,
    REST;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
