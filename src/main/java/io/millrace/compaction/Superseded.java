package io.millrace.compaction;

import io.millrace.compaction.KeyMap.Slice;
import io.millrace.rewrite.BatchSource;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Finds the records that have a newer one of the same key, in bounded memory whatever the number of keys: when the map
 * of keys is full, the keys of one half of their hashes are left for another pass over the log.
 */
final class Superseded {

    private final KeyMap map;
    private final KeyHash hash = new KeyHash();

    /** @param map is overwritten */
    Superseded(KeyMap map) {
        this.map = map;
    }

    /**
     * The superseded records of a window.
     *
     * @param from the ordinal of the window's first record
     * @param size how many records it has at most
     * @return the ordinals, counted from {@code from}
     */
    BitSet find(BatchSource source, long from, int size) throws InterruptedException {
        BitSet superseded = new BitSet();
        Deque<Slice> left = new ArrayDeque<>();
        left.add(Slice.ALL);
        while (!left.isEmpty()) {
            map.clear();
            Pass pass = new Pass(left, superseded, from, size);
            source.scan(pass);
        }
        return superseded;
    }

    private final class Pass implements BatchSource.KeyVisitor {

        private final Deque<Slice> left;
        private final BitSet superseded;
        private final long from;
        private final int size;
        private Slice slice;

        Pass(Deque<Slice> left, BitSet superseded, long from, int size) {
            this.left = left;
            this.superseded = superseded;
            this.from = from;
            this.size = size;
            this.slice = left.removeLast();
        }

        @Override
        public void visit(long ordinal, byte @Nullable [] key) {
            if (key == null || ordinal < from) {
                return;
            }
            hash.of(key);
            if (!slice.has(hash.high())) {
                return;
            }
            while (map.isFull()) {
                left.add(slice.upper());
                slice = slice.lower();
                map.retain(slice);
                if (!slice.has(hash.high())) {
                    return;
                }
            }
            long before = map.put(hash.high(), hash.low(), ordinal);
            if (before != KeyMap.NONE && before - from < size) {
                superseded.set((int) (before - from));
            }
        }
    }
}
