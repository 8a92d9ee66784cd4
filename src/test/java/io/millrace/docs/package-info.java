/** Tests that the pages under {@code docs} agree with the code. */
@NullMarked
package io.millrace.docs;

import org.jspecify.annotations.NullMarked;
