/**
 * Admits requests, before any handler sees them and for all protocols alike: whether a request is meant for this hub
 * ({@code Host}), and whether another site's web page sent it ({@code Origin} and what browsers add).
 *
 * <p>Each connection has an {@link io.millrace.admission.HttpGate} behind the HTTP codec and the handlers of its
 * framing. The decisions themselves are pure: {@link io.millrace.admission.Admission}. Everything runs on the
 * connection's event loop and nothing here blocks.
 */
@ApplicationModule(
        displayName = "admission",
        allowedDependencies = {"edge", "event", "http", "json", "logging", "time"})
@NullMarked
package io.millrace.admission;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
