/**
 * What all protocols have in common: how an error becomes a problem document, how the fields of a request are read, and
 * what its limits are. It works on text alone, and knows no connections.
 */
@ApplicationModule(
        displayName = "edge",
        allowedDependencies = {"database", "event", "json"})
@NullMarked
package io.millrace.edge;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
