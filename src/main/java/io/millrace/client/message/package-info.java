/**
 * What is asked of a hub and answered by it: values as the documents under {@code openapi} name them, and how they are
 * read from the bytes in which they come and written to those that are sent. Nothing here does I/O.
 */
@NamedInterface("message")
@NullMarked
package io.millrace.client.message;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
