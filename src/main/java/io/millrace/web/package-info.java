/**
 * What all HTTP edges share: how an error is rendered, how much a request may hold and how its fields are read, how the
 * event loop is left. It knows no topic and no record.
 */
@ApplicationModule(
        displayName = "web",
        allowedDependencies = {"budget", "event", "json", "logging", "sql"})
@NullMarked
package io.millrace.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
