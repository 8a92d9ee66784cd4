package io.millrace.bench.measure;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A number that one thread counts up without a fence, and any thread may look at while it does. */
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

    /** The counting thread only. */
    public void add(long more) {
        COUNT.setOpaque(this, count + more);
    }

    public long get() {
        return (long) COUNT.getOpaque(this);
    }
}
