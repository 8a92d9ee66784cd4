/**
 * Server-sent events: one topic, resumed by a {@link io.millrace.stream.sse.Cursor} that each event carries, or the
 * share of a member of a group. An event stream holds one chunk in flight, and is written by its own thread.
 */
@NullMarked
package io.millrace.stream.sse;

import org.jspecify.annotations.NullMarked;
