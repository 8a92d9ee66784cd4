/**
 * Tests with hubs as processes of their own, which are killed, frozen and starved under load. Every request is recorded
 * with its outcome; afterwards the log is read completely, and {@link io.millrace.verify.check.LogCheck} compares the
 * two. Clients and checkers are those of {@code millrace verify}.
 */
@NullMarked
package io.millrace.faults;

import org.jspecify.annotations.NullMarked;
