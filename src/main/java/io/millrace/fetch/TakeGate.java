package io.millrace.fetch;

/** Decides when a consumer may read and take records, where several consumers take turns. */
public interface TakeGate {

    /** For a consumer that does not take turns. */
    TakeGate OPEN = new TakeGate() {
        @Override
        public boolean enter() {
            return true;
        }

        @Override
        public void leave() {
            // No other consumer waits.
        }
    };

    /** Whether the consumer may take now; if not, its subscription is woken when it may. Must not block. */
    boolean enter();

    /** The consumer has finished with what it took. Must not block. */
    void leave();
}
