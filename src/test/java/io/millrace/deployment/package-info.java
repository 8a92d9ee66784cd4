/**
 * Tests of what is deployed besides the jar: the Helm chart and {@code docker-compose.yml}. They need no cluster and no
 * container engine, and so do not show that either takes what is rendered.
 */
@NullMarked
package io.millrace.deployment;

import org.jspecify.annotations.NullMarked;
