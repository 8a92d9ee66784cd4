/** Stores records, over each protocol that can store, at a rate or as fast as answers come, and times the answers. */
@NullMarked
package io.millrace.bench.produce;

import org.jspecify.annotations.NullMarked;
