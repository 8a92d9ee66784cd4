package io.millrace.group;

import java.util.Locale;

/** How a member takes part. */
public enum MemberProtocol {
    WEBSOCKET,
    SSE,
    /** Without a connection: the member lives as long as it calls. */
    REST;

    /** As written in rows and answers: {@code websocket}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static MemberProtocol of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
