/** What the clients of a run did and saw: requests with their outcomes, records that were read, events of a group. */
@NullMarked
package io.millrace.verify.history;

import org.jspecify.annotations.NullMarked;
