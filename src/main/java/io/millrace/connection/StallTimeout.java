package io.millrace.connection;

import java.time.Duration;

/** For how long a client may take nothing of what waits for it. */
@FunctionalInterface
public interface StallTimeout {

    Duration value();
}
