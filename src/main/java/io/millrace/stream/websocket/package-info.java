/**
 * WebSocket: many subscriptions and produce requests over one connection. The frames are described in
 * {@code openapi/asyncapi.yaml}.
 *
 * <p>A client's frames are handled on its event loop, which never blocks; work that blocks is left to the thread of the
 * {@link io.millrace.stream.websocket.WsSubscription}. A connection has a bounded number of bytes in flight
 * ({@link io.millrace.stream.websocket.Outbound}), so a client that does not read costs a bounded amount of memory. The
 * {@link io.millrace.stream.websocket.frame.Subprotocol} decides how records are written, in text or binary frames.
 * Compression, if it is on and the client offers it, is {@link io.millrace.stream.websocket.frame.DeflateOffer} in the
 * handshake, {@link io.millrace.stream.websocket.frame.MessageInflater} on the way in, and
 * {@link io.millrace.stream.websocket.frame.DeflatedRecordsFrame} on the way out; {@code docs/decisions/0017} gives the
 * reasons.
 */
@NullMarked
package io.millrace.stream.websocket;

import org.jspecify.annotations.NullMarked;
