package io.millrace.group;

import java.util.function.Consumer;

/** A member without a connection whose call waits on this node, until it is closed. Safe for any thread. */
public final class WaitingMember implements AutoCloseable {

    private final Assignment known;
    private final Runnable listener;
    private final Consumer<WaitingMember> closing;
    private volatile boolean changed;

    WaitingMember(Assignment known, Runnable listener, Consumer<WaitingMember> closing) {
        this.known = known;
        this.listener = listener;
        this.closing = closing;
    }

    /** Whether the assignment has changed since the call began to wait, or the member is gone. */
    public boolean changed() {
        return changed;
    }

    @Override
    public void close() {
        closing.accept(this);
    }

    Assignment known() {
        return known;
    }

    void tell() {
        changed = true;
        listener.run();
    }
}
