/**
 * Tests that the commands of the README, the programs of {@code docs/clients.md}, the statements of {@code docs/sql.md}
 * and the conversations of {@code docs/websocket.md} work as printed.
 */
@NullMarked
package io.millrace.readme;

import org.jspecify.annotations.NullMarked;
