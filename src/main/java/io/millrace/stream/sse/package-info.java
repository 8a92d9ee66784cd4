/**
 * Server-sent events: one topic, resumed from the {@link io.millrace.stream.sse.Cursor} that each event carries, or the
 * partitions of a group member. An event stream has one chunk in flight, and is written by a thread of its own.
 */
@NullMarked
package io.millrace.stream.sse;

import org.jspecify.annotations.NullMarked;
