/** A run: whether it continues or has failed, when its requests are due, and which part of its time is measured. */
@NullMarked
package io.millrace.bench.run;

import org.jspecify.annotations.NullMarked;
