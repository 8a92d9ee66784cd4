package io.millrace.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The tests of this class run beside those of classes without this annotation, one after the other. For tests that wait
 * much, are not hurried by a busy machine, and share nothing with others: their hubs are processes, or have databases
 * of their own.
 *
 * <p>Not for tests that kill servers which come back on their port: a test of the other lane may have taken it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("the second lane")
public @interface Beside {}
