/**
 * The resource {@code /v1/topics}: creating, describing, changing and deleting topics, what becomes of their old
 * records, and erasing keys.
 */
@NullMarked
package io.millrace.rest.topic;

import org.jspecify.annotations.NullMarked;
