/**
 * What is decided about a request before anything else of the hub sees it, for every protocol alike: whether it is
 * meant for this hub ({@code Host}) and whether a web page of somebody else sent it ({@code Origin} and what browsers
 * add).
 *
 * <p>Each connection has an {@link io.millrace.http.HttpGate} right behind the HTTP codec. The decisions themselves are
 * pure: {@link io.millrace.http.Admission}. Everything runs on the connection's event loop and nothing here blocks.
 */
@ApplicationModule(
        displayName = "http",
        allowedDependencies = {"event", "json", "logging", "web"})
@NullMarked
package io.millrace.http;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
