package io.millrace.bench.measure;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A counter that one thread increments without a fence, and any thread may read meanwhile. */
public final class Counter {

    private static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(Counter.class, "count", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    @SuppressWarnings("UnusedVariable") // by COUNT
    private long count;

    /** Called by the counting thread only. */
    public void add(long more) {
        COUNT.setOpaque(this, count + more);
    }

    public long get() {
        return (long) COUNT.getOpaque(this);
    }
}
