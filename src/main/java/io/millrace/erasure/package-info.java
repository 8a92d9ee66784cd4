/**
 * Erasing by key: every record of a key is physically gone from the log, which is otherwise immutable, as data
 * protection law asks for.
 *
 * <p>{@link io.millrace.erasure.ErasureAdmin} writes down what is asked for. {@link io.millrace.erasure.Eraser}, part
 * of the cleaner's rounds, searches all tables for it and replaces the segments that hold it by ones that do not.
 * {@link io.millrace.erasure.ErasedTails} makes all nodes forget what they had read of it. Why it is done so is in
 * {@code docs/decisions/0027-erasing-keys.md}.
 */
@ApplicationModule(
        displayName = "erasure",
        allowedDependencies = {"cluster", "database", "event", "eventlog", "rewrite", "security", "segment", "topic"})
@NullMarked
package io.millrace.erasure;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
