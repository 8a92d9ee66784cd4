/**
 * Consuming: the use cases by which records leave the hub, whatever the protocol.
 *
 * <ul>
 *   <li>A member with a connection has a {@link io.millrace.consume.MemberFeed} for as long as that lasts, a member
 *       that calls has a {@link io.millrace.consume.MemberCall} for one call, and {@link io.millrace.consume.Members}
 *       for all else. Both follow what the member owns, and nothing that it has to give up.
 *   <li>{@link io.millrace.consume.MemberShare} holds the rules in between, without a clock or a database of its own: a
 *       partition that is revoked is no longer delivered; it is released when all that was delivered is committed, or
 *       when its time is over; no more can be committed than was delivered, and nothing under another epoch.
 *   <li>A reader without a group goes by {@link io.millrace.consume.Reading} to a topic's records or to
 *       {@link io.millrace.consume.WholeTopics}, and keeps its position itself.
 * </ul>
 *
 * <p>Each asks what the caller may do: readers when they find a topic, members with each call, or when they join and
 * when they follow what they were given.
 *
 * <p>A protocol writes what it is given and says what the client wants. When PostgreSQL is away, a feed waits and goes
 * on; when this node is out of touch for longer than its lease, it delivers nothing, and its members join anew.
 */
@ApplicationModule(
        displayName = "consume",
        allowedDependencies = {
            "assignor",
            "budget",
            "cursor",
            "event",
            "eventlog",
            "fetch",
            "group",
            "security",
            "time",
            "topic"
        })
@NullMarked
package io.millrace.consume;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
