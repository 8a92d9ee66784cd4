/**
 * The hub as its REST API shows it: where it is, its topics, its own figures and its refusals. What is asked here is
 * asked around a measurement and need not be fast.
 */
@NullMarked
package io.millrace.bench.hub;

import org.jspecify.annotations.NullMarked;
