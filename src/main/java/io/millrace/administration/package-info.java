/**
 * {@code millrace keys} and {@code millrace acls}: API keys and rules of access, on the database itself. That is how
 * the first key is made, and what is left when no key works: whoever may use the database needs none. The statements
 * are those of {@code access}, and a running hub hears of each change. Without Spring's context.
 */
@ApplicationModule(
        displayName = "administration",
        allowedDependencies = {
            "access",
            "command",
            "client :: message",
            "database",
            "embeddedpostgres",
            "event",
            "security"
        })
@NullMarked
package io.millrace.administration;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
