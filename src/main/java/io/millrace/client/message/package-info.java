/**
 * The requests to a hub and its answers: values named as in the documents under {@code openapi}, and how to parse and
 * write them. Nothing here does I/O.
 */
@NamedInterface("message")
@NullMarked
package io.millrace.client.message;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
