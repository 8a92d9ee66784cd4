/**
 * What is in the records that are produced, whichever format they are sent in: the keys and how often each is drawn,
 * and the values with the time at which they were to be sent.
 */
@NullMarked
package io.millrace.bench.content;

import org.jspecify.annotations.NullMarked;
