/**
 * What the README tells users to type, and the programs that {@code docs/clients.md} has them copy, do what they say.
 */
@NullMarked
package io.millrace.readme;

import org.jspecify.annotations.NullMarked;
