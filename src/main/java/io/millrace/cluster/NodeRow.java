package io.millrace.cluster;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A node that lives, as its row says.
 *
 * @param name made anew with each start, and when the node has lost its lease
 * @param address the URL under which it is reached; null while it does not listen yet
 * @param leaseUntil when it counts as dead unless it has renewed its lease, by PostgreSQL's clock
 */
public record NodeRow(String name, @Nullable String address, Instant startedAt, Instant leaseUntil) {}
