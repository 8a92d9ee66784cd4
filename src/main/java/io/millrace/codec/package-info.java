/**
 * Records as bytes on the wire and back: JSON, and the binary form of the subprotocol {@code hub.v1.bin}. REST, SSE and
 * WebSocket all use it. {@link io.millrace.codec.RecordParser} checks and slices a body in one pass and copies each
 * value exactly as sent; {@link io.millrace.codec.RecordWriter} writes it back verbatim.
 * {@link io.millrace.codec.BatchRendering} is that form of a stored batch, made once for all of a node's readers.
 * Nothing here does I/O.
 *
 * <p>The binary frames are described in {@code openapi/asyncapi.yaml}; frames without records stay JSON. All integers
 * are big-endian. A <em>string</em> is an unsigned 16-bit length and that many bytes of UTF-8; <em>bytes</em> are a
 * signed 32-bit length, -1 for null, and that many bytes.
 */
@ApplicationModule(
        displayName = "codec",
        allowedDependencies = {"event", "eventlog", "json"})
@NullMarked
package io.millrace.codec;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
