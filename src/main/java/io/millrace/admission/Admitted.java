package io.millrace.admission;

import org.jspecify.annotations.Nullable;

/**
 * A request that may be served.
 *
 * @param origin the site of the page that may read the answer although it is another one's; null for all other clients
 * @param preflight whether a browser only asks if such a page may send a request
 */
record Admitted(@Nullable String origin, boolean preflight) {

    /** What nearly every request is: from a program, or from a page of the hub itself. */
    static final Admitted PLAIN = new Admitted(null, false);
}
