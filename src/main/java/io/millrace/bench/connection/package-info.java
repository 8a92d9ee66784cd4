/**
 * The event loops that generate load, and the connections on them as far as they are alike: HTTP, WebSocket (RFC 6455),
 * and a WebSocket with a subscription. What hangs on a connection is touched by its event loop only.
 */
@NullMarked
package io.millrace.bench.connection;

import org.jspecify.annotations.NullMarked;
