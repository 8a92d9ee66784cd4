package io.millrace.faults;

import java.util.List;

/** What one producer sends. One thread uses it. */
interface Load {

    /**
     * A record to be.
     *
     * @param members of its value, besides the mark's; each with a comma before it
     */
    record Draft(String key, String members) {}

    /**
     * The records of the next request; none at the end.
     *
     * @param last whether the producer is to come to its end
     */
    List<Draft> next(boolean last);

    /** These may not have been stored. */
    void refused(List<Draft> drafts);
}
