/** What the client of the API does not know: the hub's own figures, and what of its words ends a run. */
@NullMarked
package io.millrace.bench.hub;

import org.jspecify.annotations.NullMarked;
