package io.millrace.bench.produce;

/** A connection that stores records; for its event loop. */
interface ProducerConnection {

    /**
     * Sends one request. The connection tells its {@link ProducerLoop} of the answer.
     *
     * @param due when it was to be sent, from which its latency counts
     */
    void send(long due);
}
