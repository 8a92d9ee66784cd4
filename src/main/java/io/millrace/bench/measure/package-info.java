/** Counts and times during a run, progress output, and the report at the end. */
@NullMarked
package io.millrace.bench.measure;

import org.jspecify.annotations.NullMarked;
