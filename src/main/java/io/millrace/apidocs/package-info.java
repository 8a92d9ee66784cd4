/** What the hub says about itself: the OpenAPI and AsyncAPI documents, the page of errors, the front page. */
@ApplicationModule(
        displayName = "apidocs",
        allowedDependencies = {"edge", "event", "http", "security"})
@NullMarked
package io.millrace.apidocs;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
