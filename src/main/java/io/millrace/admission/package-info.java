/**
 * Whose request it is, decided before anything else of the hub sees it and for every protocol alike: whether it is
 * meant for this hub ({@code Host}) and whether a web page of somebody else sent it ({@code Origin} and what browsers
 * add).
 *
 * <p>Each connection has an {@link io.millrace.admission.HttpGate} right behind the HTTP codec. The decisions
 * themselves are pure: {@link io.millrace.admission.Admission}. Everything runs on the connection's event loop and
 * nothing here blocks.
 */
@ApplicationModule(
        displayName = "admission",
        allowedDependencies = {"edge", "event", "http", "json", "logging", "time"})
@NullMarked
package io.millrace.admission;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
