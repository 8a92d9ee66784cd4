/**
 * Compares the history of a run with the hub's promises. Pure functions: nothing here does I/O, reads a clock or knows
 * of threads.
 */
@NullMarked
package io.millrace.verify.check;

import org.jspecify.annotations.NullMarked;
