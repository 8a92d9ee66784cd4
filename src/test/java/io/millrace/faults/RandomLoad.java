package io.millrace.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Records with a few keys, until the producer is stopped. Refused records are not sent again. */
final class RandomLoad implements Load {

    private static final int KEYS = 12;
    private static final int MOST_RECORDS = 20;

    private final Random random;

    RandomLoad(int seed) {
        this.random = new Random(seed);
    }

    @Override
    public List<Draft> next(boolean last) {
        List<Draft> drafts = new ArrayList<>();
        int count = last ? 0 : 1 + random.nextInt(MOST_RECORDS);
        for (int i = 0; i < count; i++) {
            drafts.add(new Draft("k" + random.nextInt(KEYS), ""));
        }
        return drafts;
    }

    @Override
    public void refused(List<Draft> drafts) {
        // There are always further records.
    }
}
