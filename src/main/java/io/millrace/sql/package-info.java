/** Named SQL statements, kept in files beside the class that owns them. */
@ApplicationModule(
        displayName = "sql",
        allowedDependencies = {})
@NullMarked
package io.millrace.sql;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
