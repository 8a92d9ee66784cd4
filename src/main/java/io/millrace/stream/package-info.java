/**
 * Records as they come: WebSocket (many subscriptions and produce requests over one connection) and server-sent events
 * (one topic, resumed by a cursor). The messages are described in {@code openapi/asyncapi.yaml}.
 *
 * <p>Every subscription and every event stream is one virtual thread that takes from a
 * {@link io.millrace.fetch.Subscription} and writes. It takes nothing that it may not write yet: a WebSocket holds a
 * bounded number of bytes in flight, an event stream one chunk. A client that does not read therefore costs a bounded
 * amount of memory, and nobody else anything. What a WebSocket client sends is handled on its event loop, which never
 * blocks; what must block is left to the subscription's thread. One ticker per node pings, looks for clients that
 * stopped reading and notices that topics have grown; connections have no timers of their own.
 */
@ApplicationModule(
        displayName = "stream",
        allowedDependencies = {
            "append",
            "background",
            "binary",
            "event",
            "eventlog",
            "fetch",
            "group",
            "json",
            "topic",
            "web"
        })
@NullMarked
package io.millrace.stream;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
