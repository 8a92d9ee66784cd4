package io.millrace.background;

import org.springframework.context.SmartLifecycle;

/** What a hub does when it shuts down, so that others need not wait until they miss it; its phase says when. */
public abstract class Departure implements SmartLifecycle {

    private volatile boolean running;

    /** Called once, by the thread that shuts the hub down. */
    protected abstract void depart();

    @Override
    public final void start() {
        running = true;
    }

    @Override
    public final void stop() {
        running = false;
        depart();
    }

    @Override
    public final boolean isRunning() {
        return running;
    }
}
