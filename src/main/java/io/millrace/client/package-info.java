/**
 * A client of the hub's own public API, for whatever of ours stands outside of a hub: {@code bench}, the command line,
 * tests. It knows what is in the documents under {@code openapi} and nothing else of a hub, so it may talk to one of
 * another release.
 *
 * <p>{@link io.millrace.client.HubClient} is where one begins: {@code topics()}, {@code records()}, {@code groups()}
 * and {@code members()} are the REST API, a method a resource, with values of types;
 * {@link io.millrace.client.EventStream} and {@link io.millrace.client.RecordLines} are answers that go on, and
 * {@link io.millrace.client.HubSocket} a WebSocket. REST and streams go by the JDK's client, WebSockets by Netty's
 * codec.
 *
 * <p>What always holds:
 *
 * <ul>
 *   <li><b>Threads.</b> A {@code HubClient} is for any number of threads; each call blocks the one that makes it, which
 *       may be virtual and interrupted. A stream is read by one thread and closed by any. A socket is written by any,
 *       and its frames come on an event loop.
 *   <li><b>Timeouts.</b> Everything that waits for a hub has an end ({@link io.millrace.client.ClientSettings}), but
 *       for the next event of a stream, where the caller says how long.
 *   <li><b>Nothing is repeated silently</b>, neither a request nor a connection: what may be repeated depends on what
 *       it asks for, which its caller knows. {@link io.millrace.client.RefusedException} says whether the hub would
 *       have it, {@link io.millrace.client.NoAnswerException} whether the request may have been carried out.
 *   <li><b>Memory.</b> A stream is read from the network as it is read by its caller; a socket's frames are bounded by
 *       the records that its caller has permitted.
 * </ul>
 */
@ApplicationModule(
        displayName = "client",
        allowedDependencies = {"codec", "event", "json"})
@NullMarked
package io.millrace.client;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
