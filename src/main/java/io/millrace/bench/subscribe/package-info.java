/** Many subscribers that follow a topic from its end on: counts what each is delivered, and times it. */
@NullMarked
package io.millrace.bench.subscribe;

import org.jspecify.annotations.NullMarked;
