package io.millrace.stream.websocket;

import io.millrace.event.HubError;

/** Why the hub closes a WebSocket connection. */
enum CloseReason {
    /** The node is shutting down; the client may connect to another, or later to this one. */
    DRAINING(1001, HubError.DRAINING),
    /** A compressed message cannot be inflated; RFC 6455, 7.4.1. */
    MALFORMED_DEFLATE(1007, HubError.INVALID_REQUEST),
    /** A compressed message inflates to more than a message may have; RFC 6455, 7.4.1. */
    INFLATES_TOO_FAR(1009, HubError.REQUEST_TOO_LARGE),
    /** Too many frames in a row could not be understood. */
    BAD_FRAMES(4400, HubError.INVALID_REQUEST),
    /** The credentials with which the client has connected are no longer accepted. */
    UNAUTHENTICATED(4401, HubError.UNAUTHENTICATED),
    /** The client may no longer follow what it followed, and follows nothing else. */
    FORBIDDEN(4403, HubError.FORBIDDEN),
    /** Another member of the same instance has replaced the client's member of a group. */
    FENCED(4409, HubError.MEMBER_FENCED),
    FRAME_TOO_LARGE(4413, HubError.REQUEST_TOO_LARGE),
    /** The client did not read, answer pings or finish a message, asked for too much, or there was no memory for it. */
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
