/**
 * Reads the existing records of a topic, over each protocol that can read, and checks that every record comes once and
 * in order.
 */
@NullMarked
package io.millrace.bench.consume;

import org.jspecify.annotations.NullMarked;
