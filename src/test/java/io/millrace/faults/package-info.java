/**
 * Hubs as processes of their own, to be killed, frozen and starved under load. Every request is recorded with its
 * outcome, the log is read to its end afterwards, and {@link io.millrace.faults.Check} compares the two.
 */
@NullMarked
package io.millrace.faults;

import org.jspecify.annotations.NullMarked;
