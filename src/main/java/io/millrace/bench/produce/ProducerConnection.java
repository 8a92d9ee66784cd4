package io.millrace.bench.produce;

/** A connection that stores records. Used on its event loop only. */
interface ProducerConnection {

    /**
     * Sends one request. The connection passes the answer to its {@link ProducerLoop}.
     *
     * @param due when the request was due; its latency counts from this time
     */
    void send(long due);
}
