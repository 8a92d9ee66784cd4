/** The pages under {@code docs} say what the code says. */
@NullMarked
package io.millrace.docs;

import org.jspecify.annotations.NullMarked;
