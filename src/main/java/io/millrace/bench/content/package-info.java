/**
 * The content of the produced records, in any format: the keys and how often each is drawn, and the values with the
 * time at which they were due.
 */
@NullMarked
package io.millrace.bench.content;

import org.jspecify.annotations.NullMarked;
