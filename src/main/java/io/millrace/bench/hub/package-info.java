/** What the API client does not cover: the hub's own metrics, and which of its answers end a run. */
@NullMarked
package io.millrace.bench.hub;

import org.jspecify.annotations.NullMarked;
