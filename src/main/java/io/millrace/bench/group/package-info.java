/** Members of a consumer group: who owns which partition, and committing record by record. */
@NullMarked
package io.millrace.bench.group;

import org.jspecify.annotations.NullMarked;
