/** The resources {@code /v1/keys}, {@code /v1/acls} and {@code /v1/tickets}: who may do what. */
@NullMarked
package io.millrace.rest.access;

import org.jspecify.annotations.NullMarked;
