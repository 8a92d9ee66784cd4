/**
 * Who may do what. {@link io.millrace.security.Authentication} recognises callers by API keys, tickets, certificates
 * and tokens of an identity provider; {@link io.millrace.security.Access} decides by rules in Kafka's model. Keys and
 * rules are rows, as are quotas, of which each node has a copy in memory ({@code AccessCatalogue}), so neither asks
 * anybody: a request costs a hash and a few look-ups. {@code docs/decisions/0028-access.md} has the reasons.
 *
 * <ul>
 *   <li><b>A change is seen by all nodes within a second.</b> A trigger raises the version and notifies, whoever
 *       changes the rows; nodes also look by themselves.
 *   <li><b>What is not known is refused.</b> Until the copy was read, callers are told to try again.
 *   <li><b>No secret is stored or shown:</b> of keys and tickets there are hashes only.
 * </ul>
 */
@ApplicationModule(
        displayName = "access",
        allowedDependencies = {"background", "cluster", "database", "event", "logging", "security", "time"})
@NullMarked
package io.millrace.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
