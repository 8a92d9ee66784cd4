/**
 * The event loops that generate load, and the base classes of the connections on them: HTTP, WebSocket (RFC 6455), and
 * a WebSocket with a subscription. A connection's state is used on its event loop only.
 */
@NullMarked
package io.millrace.bench.connection;

import org.jspecify.annotations.NullMarked;
