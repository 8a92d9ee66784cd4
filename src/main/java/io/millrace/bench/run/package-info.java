/** A run: whether it goes on or has failed, when its requests are due, and which part of its time counts. */
@NullMarked
package io.millrace.bench.run;

import org.jspecify.annotations.NullMarked;
