@NullMarked
package io.millrace.stream.sse;

import org.jspecify.annotations.NullMarked;
