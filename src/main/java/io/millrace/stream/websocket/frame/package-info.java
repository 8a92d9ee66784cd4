/**
 * Messages of the WebSocket protocol as bytes: frames of clients, frames of the hub, records in either subprotocol, and
 * their compression. Nothing here knows a connection.
 */
@NullMarked
package io.millrace.stream.websocket.frame;

import org.jspecify.annotations.NullMarked;
