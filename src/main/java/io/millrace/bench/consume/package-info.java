/**
 * Reads what a topic holds already, by each protocol that can, and checks that every record comes once and in order.
 */
@NullMarked
package io.millrace.bench.consume;

import org.jspecify.annotations.NullMarked;
