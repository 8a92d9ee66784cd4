/** A run: the workload, what it observed, and the verdict. */
@NullMarked
package io.millrace.verify.run;

import org.jspecify.annotations.NullMarked;
