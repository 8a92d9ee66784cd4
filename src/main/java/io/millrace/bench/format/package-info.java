/**
 * How the API writes records, in both directions: {@link io.millrace.bench.format.RequestFormat} is what stands around
 * them in a request; {@link io.millrace.bench.format.AnswerScanner} and {@link io.millrace.bench.format.FrameScanner}
 * find in a frame just what is checked and counted. A WebSocket {@link io.millrace.bench.format.Subprotocol} is one of
 * each. Nothing here does I/O.
 */
@NullMarked
package io.millrace.bench.format;

import org.jspecify.annotations.NullMarked;
