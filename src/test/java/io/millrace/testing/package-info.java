/** Shared by tests of several packages: databases, hubs, clients and contracts. */
@NullMarked
package io.millrace.testing;

import org.jspecify.annotations.NullMarked;
