/** What tests of several packages need: databases above all. */
@NullMarked
package io.millrace.testing;

import org.jspecify.annotations.NullMarked;
