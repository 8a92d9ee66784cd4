/** The resource {@code /v1/topics}: creating, describing, changing and deleting topics. */
@NullMarked
package io.millrace.rest.topic;

import org.jspecify.annotations.NullMarked;
