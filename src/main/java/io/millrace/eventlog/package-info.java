/**
 * The log as rows: partition heads, batches of records and segments. This package owns those tables and all SQL on
 * them; it knows partitions by id and has never heard of topics. {@code docs/decisions/0001-log-layout.md} tells why
 * the tables look as they do.
 */
@ApplicationModule(
        displayName = "eventlog",
        allowedDependencies = {"background", "cluster", "database", "event", "time"})
@NullMarked
package io.millrace.eventlog;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
