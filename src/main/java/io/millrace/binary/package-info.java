/**
 * The binary form of records, of the WebSocket subprotocol {@code hub.v1.bin}: for clients that want neither base64 nor
 * JSON around each record. Its frames are described in {@code openapi/asyncapi.yaml}; whatever holds no records stays
 * JSON. Nothing here does I/O.
 *
 * <p>All integers are big-endian. A <em>string</em> is an unsigned 16-bit length and so many bytes of UTF-8;
 * <em>bytes</em> are a signed 32-bit length, -1 for null, and so many bytes.
 */
@ApplicationModule(
        displayName = "binary",
        allowedDependencies = {"event", "eventlog", "json"})
@NullMarked
package io.millrace.binary;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
