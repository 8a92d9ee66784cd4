/**
 * A client of the hub's public API, for this project's code outside of a hub: {@code bench}, the command line, tests.
 * It depends only on the documents under {@code openapi}, so it can talk to a hub of another release.
 *
 * <p>{@link io.millrace.client.HubClient} is the entry point: {@code topics()}, {@code records()}, {@code groups()} and
 * {@code members()} are the REST API, with one method per operation and typed values;
 * {@link io.millrace.client.EventStream} and {@link io.millrace.client.RecordLines} are streamed answers, and
 * {@link io.millrace.client.HubSocket} a WebSocket. REST and streams use the JDK's client, WebSockets Netty's codec.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li><b>Threads.</b> A {@code HubClient} is thread-safe; each call blocks the calling thread, which may be virtual
 *       and may be interrupted. A stream is read by one thread and closed by any. A socket is written by any thread,
 *       and its frames arrive on an event loop.
 *   <li><b>Timeouts.</b> Everything that waits for a hub has a timeout ({@link io.millrace.client.ClientSettings}); for
 *       the next event of a stream the caller passes one.
 *   <li><b>Nothing is repeated silently</b>, neither a request nor a connection: whether a retry is safe depends on the
 *       request, which its caller knows. {@link io.millrace.client.RefusedException} says whether a retry may succeed,
 *       {@link io.millrace.client.NoAnswerException} whether the request may have been carried out.
 *   <li><b>Memory.</b> A stream is read from the network only as fast as its caller reads; a socket's frames are
 *       bounded by the records that its caller has permitted.
 * </ul>
 */
@ApplicationModule(
        displayName = "client",
        allowedDependencies = {"codec", "event", "json"})
@NullMarked
package io.millrace.client;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
