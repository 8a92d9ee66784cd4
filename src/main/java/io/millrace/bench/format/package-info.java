/** How the API writes records, in both directions. Nothing here does I/O. */
@NullMarked
package io.millrace.bench.format;

import org.jspecify.annotations.NullMarked;
