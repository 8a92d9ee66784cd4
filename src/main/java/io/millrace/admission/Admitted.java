package io.millrace.admission;

import org.jspecify.annotations.Nullable;

/**
 * A request that may be served.
 *
 * @param origin the origin of another site's page that may read the answer; null for all other clients
 * @param preflight whether a browser only asks whether such a page may send a request
 */
record Admitted(@Nullable String origin, boolean preflight) {

    /** The usual request: from a program, or from a page of the hub itself. */
    static final Admitted PLAIN = new Admitted(null, false);
}
