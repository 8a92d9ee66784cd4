package io.millrace.cluster;

/** Tells the other nodes what this one has changed. */
@FunctionalInterface
public interface ChangePublisher {

    /**
     * Something has reached a version, by a transaction that is committed. Of several versions that wait to be sent,
     * only the highest is. Never blocks; safe for any thread.
     *
     * @param kind as in {@link ChangeSubscriber#kind}
     * @param id the thing's number; its meaning, and that of the version, is the kind's
     */
    void publish(String kind, int id, long version);
}
