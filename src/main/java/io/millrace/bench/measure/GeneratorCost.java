package io.millrace.bench.measure;

import com.sun.management.OperatingSystemMXBean;
import io.netty.channel.EventLoop;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * The CPU usage of this process. Near the number of its threads, the run has measured the generator and not the hub.
 * Thread-safe.
 */
public final class GeneratorCost {

    private record Start(long time, long cpu) {}

    private volatile Start start = now();

    /** Measures from now on, and restarts at a later time. */
    public static GeneratorCost from(EventLoop loop, long nanoTime) {
        GeneratorCost cost = new GeneratorCost();
        loop.schedule(() -> cost.start = now(), nanoTime - System.nanoTime(), TimeUnit.NANOSECONDS);
        return cost;
    }

    /** The average number of busy cores since then. */
    public double cores() {
        Start now = now();
        return (double) (now.cpu() - start.cpu()) / Math.max(1, now.time() - start.time());
    }

    private static Start now() {
        long cpu =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
        return new Start(System.nanoTime(), cpu);
    }
}
