/**
 * How the API writes records, in both directions: {@link io.millrace.bench.format.Batch} draws records over those of a
 * request that {@code codec} has written; {@link io.millrace.bench.format.AnswerScanner} and
 * {@link io.millrace.bench.format.FrameScanner} find in a frame just what is checked and counted. A WebSocket
 * {@link io.millrace.bench.format.Subprotocol} is one of each. Nothing here does I/O.
 *
 * <p>JSON is scanned by {@code json}, which costs no more than a scanner that checks nothing. Frames are not read by
 * {@code codec}, which makes objects of records and copies what is in them: it took 110 ns a record in place of 62 in
 * binary, and 500 in place of 330 in JSON (frames of 500 records of 200 bytes), of the 390 and 650 in all that the
 * thread of {@code bench consume --protocol websocket-binary} and {@code websocket} takes. And with a thousand
 * subscribers a frame must be recognised without being read.
 */
@NullMarked
package io.millrace.bench.format;

import org.jspecify.annotations.NullMarked;
