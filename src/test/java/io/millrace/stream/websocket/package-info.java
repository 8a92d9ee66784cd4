@NullMarked
package io.millrace.stream.websocket;

import org.jspecify.annotations.NullMarked;
