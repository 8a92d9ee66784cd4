package io.millrace.verify.load;

import java.util.List;

/** The records that one producer sends. Used by one thread. */
public interface Load {

    /**
     * A record to be sent.
     *
     * @param fields additional fields of its value, besides the mark's; each preceded by a comma
     */
    record Draft(String key, String fields) {}

    /**
     * The records of the next request; none at the end.
     *
     * @param last whether the producer is about to end
     */
    List<Draft> next(boolean last);

    /** These records may not have been stored. */
    void refused(List<Draft> drafts);
}
