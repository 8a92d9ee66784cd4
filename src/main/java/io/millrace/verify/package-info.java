/**
 * {@code millrace verify}: puts load on a running deployment, whatever happens to it meanwhile, and then checks whether
 * the hub has kept its promises, like Jepsen's checkers and Kafka's verifiable producer. It uses the public API only,
 * in a process of its own, without Spring. The fault tests of this project use the same clients and checkers.
 *
 * <p>{@code run} is on top: it runs the clients of {@code load} and {@code group}, which record everything in
 * {@code history}, and has {@code check} compare that with the log. {@code check} is pure. {@code ArchitectureTest}
 * verifies that dependencies only go down.
 */
@ApplicationModule(
        displayName = "verify",
        allowedDependencies = {"client", "client :: message", "codec", "command", "event"})
@NullMarked
package io.millrace.verify;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
