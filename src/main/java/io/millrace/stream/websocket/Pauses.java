package io.millrace.stream.websocket;

import io.millrace.event.TopicPartition;
import io.millrace.fetch.Subscription;
import java.util.HashSet;
import java.util.Set;

/**
 * Which partitions of a subscription are stopped: those that the client paused, and all of them while it has no
 * credits. A stopped partition still tells of what happens to it. Used by the subscription's thread.
 */
final class Pauses {

    private final Subscription subscription;
    private final Set<TopicPartition> paused = new HashSet<>();
    private boolean held;

    Pauses(Subscription subscription) {
        this.subscription = subscription;
    }

    /** Stops everything, or lets go on what the client has not paused. */
    void hold(boolean hold) {
        if (hold != held) {
            held = hold;
            subscription.pause(hold ? _ -> true : partition -> !paused.contains(partition), hold);
        }
    }

    void pause(Set<TopicPartition> chosen) {
        paused.addAll(chosen);
        subscription.pause(chosen::contains, true);
    }

    void resume(Set<TopicPartition> chosen) {
        paused.removeAll(chosen);
        if (!held) {
            subscription.pause(chosen::contains, false);
        }
    }

    /** Partitions have been added, which are not stopped. */
    void added() {
        if (held) {
            subscription.pause(_ -> true, true);
        }
    }
}
