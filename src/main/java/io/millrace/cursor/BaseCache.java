package io.millrace.cursor;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The bases that this node has cached, least recently used first out, up to a number of positions. Thread-safe. */
final class BaseCache {

    /**
     * Identifies the readers of the same partitions of the same scope.
     *
     * @param keys the hash code of the keys
     */
    private record SameKeys(long scope, int keys) {}

    private final int mostPositions;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<String, Base> bases = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<SameKeys, Base> newest = new HashMap<>();
    private long positions;

    BaseCache(int mostPositions) {
        this.mostPositions = mostPositions;
    }

    @Nullable
    Base get(String id) {
        lock.lock();
        try {
            return bases.get(id);
        } finally {
            lock.unlock();
        }
    }

    /** The base that was cached last of those with the same keys. */
    @Nullable
    Base newest(long scope, int[] keys) {
        lock.lock();
        try {
            return newest.get(new SameKeys(scope, Arrays.hashCode(keys)));
        } finally {
            lock.unlock();
        }
    }

    void put(Base base) {
        lock.lock();
        try {
            forget(bases.get(base.id()));
            bases.put(base.id(), base);
            newest.put(keysOf(base), base);
            positions += base.positions().count();
            Iterator<Base> oldest = bases.values().iterator();
            while (positions > mostPositions && bases.size() > 1) {
                Base evicted = oldest.next();
                oldest.remove();
                forgotten(evicted);
            }
        } finally {
            lock.unlock();
        }
    }

    void remove(Base base) {
        lock.lock();
        try {
            forget(bases.get(base.id()));
        } finally {
            lock.unlock();
        }
    }

    private void forget(@Nullable Base base) {
        if (base != null) {
            bases.remove(base.id());
            forgotten(base);
        }
    }

    private void forgotten(Base base) {
        positions -= base.positions().count();
        newest.remove(keysOf(base), base);
    }

    private static SameKeys keysOf(Base base) {
        return new SameKeys(base.scope(), Arrays.hashCode(base.positions().keys()));
    }
}
