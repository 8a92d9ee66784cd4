/**
 * JSON as text: a scanner that checks and slices, and a buffer that is written to. A general library would take about
 * twice the processor time a record, and Jackson takes ill-formed UTF-8, which PostgreSQL would refuse to convert
 * later. Nothing here knows what a record is.
 */
@ApplicationModule(
        displayName = "json",
        allowedDependencies = {})
@NullMarked
package io.millrace.json;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
