package io.millrace.fetch;

/** Decides when a consumer may take records, and read what it will take, where several have to take turns. */
public interface TakeGate {

    /** For one who has no others to wait for. */
    TakeGate OPEN = new TakeGate() {
        @Override
        public boolean enter() {
            return true;
        }

        @Override
        public void leave() {
            // Nobody waits.
        }
    };

    /** Whether the consumer may take now; if not, the subscription is woken when it may. Must not block. */
    boolean enter();

    /** The consumer has done with what it took. Must not block. */
    void leave();
}
