@NullMarked
package io.millrace.administration;

import org.jspecify.annotations.NullMarked;
