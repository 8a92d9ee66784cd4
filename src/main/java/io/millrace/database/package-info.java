/**
 * The database: which one it is, the driver's options, SQL statements in files, transactions, and which failures come
 * from the storage. {@link io.millrace.database.DatabaseConfiguration} chooses between a given database and the
 * embedded one; everything that opens a connection takes Spring Boot's {@code JdbcConnectionDetails}.
 */
@ApplicationModule(
        displayName = "database",
        allowedDependencies = {"embeddedpostgres", "event", "time"})
@NullMarked
package io.millrace.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
