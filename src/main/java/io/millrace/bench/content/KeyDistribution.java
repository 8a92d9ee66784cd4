package io.millrace.bench.content;

import java.util.Arrays;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** How the keys of records are drawn. */
public enum KeyDistribution {
    /** Every key is as likely as any other. */
    UNIFORM {
        @Override
        Keys over(int count) {
            return random -> random.nextInt(count);
        }
    },

    /** The n-th key is 1/n^0.99 times as likely as the first: the skew of the YCSB benchmark. */
    ZIPF {
        @Override
        Keys over(int count) {
            double[] upTo = new double[count];
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += Math.pow(i + 1.0, -EXPONENT);
                upTo[i] = sum;
            }
            double total = sum;
            return random -> {
                int found = Arrays.binarySearch(upTo, random.nextDouble() * total);
                return Math.min(found < 0 ? -found - 1 : found, count - 1);
            };
        }
    },

    /** Records have no key, and go to the partitions in turn. */
    NONE {
        @Override
        Keys over(int count) {
            return _ -> 0;
        }
    };

    private static final double EXPONENT = 0.99;

    /** Draws the number of a key, counted from 0. */
    interface Keys {

        int next(RandomGenerator random);
    }

    /** @param count the number of different keys */
    abstract Keys over(int count);

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
