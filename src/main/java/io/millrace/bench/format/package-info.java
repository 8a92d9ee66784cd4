/**
 * The API's formats of records, in both directions: {@link io.millrace.bench.format.Batch} overwrites the records in a
 * request that {@code codec} has written; {@link io.millrace.bench.format.AnswerScanner} and
 * {@link io.millrace.bench.format.FrameScanner} read only what is checked and counted. A WebSocket
 * {@link io.millrace.bench.format.Subprotocol} has one of each. Nothing here does I/O.
 *
 * <p>{@code json} scans JSON, which costs no more than a scanner that validates nothing. Frames are not read by
 * {@code codec}, which creates objects and copies their content: per record it took 110 ns instead of 62 in binary, and
 * 500 instead of 330 in JSON (frames of 500 records of 200 bytes), of the 390 and 650 ns in all that the thread of
 * {@code bench consume --protocol websocket-binary} and {@code websocket} takes. And with a thousand subscribers a
 * frame must be recognised without being read.
 */
@NullMarked
package io.millrace.bench.format;

import org.jspecify.annotations.NullMarked;
