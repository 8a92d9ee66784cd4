/**
 * The JSON form of records, read and written without a general JSON library: REST, SSE and WebSocket all pass every
 * record through here. {@link io.millrace.json.RecordParser} checks and slices a body in one pass and copies each value
 * out exactly as sent; {@link io.millrace.json.RecordWriter} puts it back verbatim.
 * {@link io.millrace.json.BatchRendering} is that form of a stored batch, made once for all of a node's readers.
 * Nothing here does I/O.
 */
@ApplicationModule(
        displayName = "json",
        allowedDependencies = {"event", "eventlog"})
@NullMarked
package io.millrace.json;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
