package io.millrace.fetch;

/** How fast a subscription's consumer may take records. Used by the consumer's thread; never blocks. */
public interface TakeRate {

    /** As fast as it can. */
    TakeRate UNLIMITED = new TakeRate() {
        @Override
        public long nanosToWait() {
            return 0;
        }

        @Override
        public void took(Fetched records) {}
    };

    /** How long nothing may be taken; 0 if something may be taken now. */
    long nanosToWait();

    /** Counts what was taken. */
    void took(Fetched records);
}
