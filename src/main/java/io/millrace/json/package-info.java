/**
 * JSON as text: a scanner that validates and slices, and a buffer to write to. A general library would take about twice
 * the CPU time per record, and Jackson accepts ill-formed UTF-8, which PostgreSQL would refuse to convert later.
 * Nothing here knows what a record is.
 */
@ApplicationModule(
        displayName = "json",
        allowedDependencies = {})
@NullMarked
package io.millrace.json;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
