/** Members of a consumer group: which partitions each owns, and commits record by record. */
@NullMarked
package io.millrace.bench.group;

import org.jspecify.annotations.NullMarked;
