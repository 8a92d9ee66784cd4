package io.millrace.stream.websocket;

import io.millrace.event.HubError;

/** Why the hub closes a WebSocket connection. */
enum CloseReason {
    /** The node shuts down; another one, or this one in a while, takes the client. */
    DRAINING(1001, HubError.DRAINING),
    /** A compressed message is not what a deflater makes; RFC 6455, 7.4.1. */
    MALFORMED_DEFLATE(1007, HubError.INVALID_REQUEST),
    /** A compressed message inflates to more than is read of any other; RFC 6455, 7.4.1. */
    INFLATES_TOO_FAR(1009, HubError.REQUEST_TOO_LARGE),
    /** Too many frames in a row could not be understood. */
    BAD_FRAMES(4400, HubError.INVALID_REQUEST),
    /** Another member of the same instance has taken the place of a group's member. */
    FENCED(4409, HubError.MEMBER_FENCED),
    FRAME_TOO_LARGE(4413, HubError.REQUEST_TOO_LARGE),
    /** The client did not read, or did not answer a ping. */
    TOO_SLOW(4429, HubError.TOO_SLOW),
    INTERNAL(4500, HubError.INTERNAL);

    private final int code;
    private final HubError error;

    CloseReason(int code, HubError error) {
        this.code = code;
        this.error = error;
    }

    /** The WebSocket status code. */
    int code() {
        return code;
    }

    HubError error() {
        return error;
    }
}
