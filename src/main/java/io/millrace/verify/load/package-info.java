/** The clients of a run without a group: producers, followers, and the reader of the whole log. */
@NullMarked
package io.millrace.verify.load;

import org.jspecify.annotations.NullMarked;
