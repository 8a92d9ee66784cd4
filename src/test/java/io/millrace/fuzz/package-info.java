/**
 * Attacks on the hub's parsers by a fuzzer. Each {@link io.millrace.fuzz.FuzzTarget} lies in the package of the parsers
 * that it attacks; {@link io.millrace.fuzz.FuzzTargets} lists them.
 */
@NullMarked
package io.millrace.fuzz;

import org.jspecify.annotations.NullMarked;
