/** Many subscribers that follow a topic from its end: counts and times the deliveries to each. */
@NullMarked
package io.millrace.bench.subscribe;

import org.jspecify.annotations.NullMarked;
