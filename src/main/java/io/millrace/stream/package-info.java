/**
 * Live delivery of records: what {@link io.millrace.stream.websocket} and {@link io.millrace.stream.sse} have in
 * common, such as the JSON of partitions ({@link io.millrace.stream.PartitionJson}) and the set of connected clients
 * ({@link io.millrace.stream.LiveStreams}). Group members of both kinds get their partitions from
 * {@link io.millrace.consume.MemberFeed}.
 *
 * <p>Every subscription and every event stream is one virtual thread that takes records from a
 * {@link io.millrace.fetch.Subscription} and writes them. It takes only what it may write. A client that does not read
 * therefore costs a bounded amount of memory, and other clients nothing. One ticker per node pings, looks for clients
 * that have stopped reading and for topics that have grown; connections have no timers of their own.
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
