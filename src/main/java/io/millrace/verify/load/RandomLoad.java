package io.millrace.verify.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Requests of 1 to 20 records with a few keys, until the producer is stopped. Refused records are not sent again. */
public final class RandomLoad implements Load {

    public static final int MOST_RECORDS = 20;

    private final Random random;
    private final int keys;

    public RandomLoad(long seed, int keys) {
        this.random = new Random(seed);
        this.keys = keys;
    }

    @Override
    public List<Draft> next(boolean last) {
        List<Draft> drafts = new ArrayList<>();
        int count = last ? 0 : 1 + random.nextInt(MOST_RECORDS);
        for (int i = 0; i < count; i++) {
            drafts.add(new Draft("k" + random.nextInt(keys), ""));
        }
        return drafts;
    }

    @Override
    public void refused(List<Draft> drafts) {
        // There are always further records.
    }
}
