/** What the README tells users to type does what it says. */
@NullMarked
package io.millrace.readme;

import org.jspecify.annotations.NullMarked;
