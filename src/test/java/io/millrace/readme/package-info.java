/**
 * What the README tells users to type, and the programs that {@code docs/clients.md} has them copy, do what they say;
 * what {@code docs/websocket.md} has clients and hubs say to each other is what they say.
 */
@NullMarked
package io.millrace.readme;

import org.jspecify.annotations.NullMarked;
