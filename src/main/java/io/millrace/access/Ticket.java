package io.millrace.access;

import java.time.Duration;

/**
 * A ticket that was just made.
 *
 * @param text what the browser puts into the stream's URL: the only time that anybody sees it
 * @param lifetime how long it can be used
 */
public record Ticket(String text, Duration lifetime) {

    @Override
    public String toString() {
        return "Ticket[]";
    }
}
