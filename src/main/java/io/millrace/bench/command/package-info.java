/**
 * The commands: their options, the runs that they make with the other packages, and their reports. Each is a
 * {@code …Command}.
 */
@NullMarked
package io.millrace.bench.command;

import org.jspecify.annotations.NullMarked;
