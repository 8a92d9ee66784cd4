/** What is counted and timed while a run goes on, how that is shown meanwhile, and the report at its end. */
@NullMarked
package io.millrace.bench.measure;

import org.jspecify.annotations.NullMarked;
