/**
 * Records as they come: what {@link io.millrace.stream.websocket} and {@link io.millrace.stream.sse} have in common.
 * That is the part of a group's member ({@link io.millrace.consume.MemberFeed}), how partitions are written
 * ({@link io.millrace.stream.PartitionJson}), and the list of all who are connected
 * ({@link io.millrace.stream.LiveStreams}).
 *
 * <p>Every subscription and every event stream is one virtual thread that takes from a
 * {@link io.millrace.fetch.Subscription} and writes. It takes nothing that it may not write yet. A client that does not
 * read therefore costs a bounded amount of memory, and nobody else anything. One ticker per node pings, looks for
 * clients that stopped reading and notices that topics have grown; connections have no timers of their own.
 */
@ApplicationModule(
        displayName = "stream",
        allowedDependencies = {
            "apidocs",
            "background",
            "budget",
            "codec",
            "connection",
            "consume",
            "cursor",
            "edge",
            "event",
            "eventlog",
            "fetch",
            "group",
            "http",
            "json",
            "logging",
            "produce",
            "security",
            "time",
            "topic"
        })
@NullMarked
package io.millrace.stream;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
