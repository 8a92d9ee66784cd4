/**
 * The commands: their options, what each of them has the other packages do, and what it tells of it. Each is a
 * {@code …Command}.
 */
@NullMarked
package io.millrace.bench.command;

import org.jspecify.annotations.NullMarked;
