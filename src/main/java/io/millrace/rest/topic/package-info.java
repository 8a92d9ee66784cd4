/**
 * The resource {@code /v1/topics}: creating, describing, changing and deleting topics, and what becomes of their old
 * records.
 */
@NullMarked
package io.millrace.rest.topic;

import org.jspecify.annotations.NullMarked;
