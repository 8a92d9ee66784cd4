package io.millrace.connection;

import java.time.Duration;

/** How long a client may take nothing of an answer that waits for it. */
@FunctionalInterface
public interface StallTimeout {

    Duration value();
}
