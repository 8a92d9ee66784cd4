package io.millrace.bench.measure;

import com.sun.management.OperatingSystemMXBean;
import io.netty.channel.EventLoop;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * What this process itself takes of the machine. If it is near the number of its threads, it has measured itself and
 * not the hub. Any thread.
 */
public final class GeneratorCost {

    private record Start(long time, long cpu) {}

    private volatile Start start = now();

    /** Counts from now on, and anew from a later time on. */
    public static GeneratorCost from(EventLoop loop, long nanoTime) {
        GeneratorCost cost = new GeneratorCost();
        loop.schedule(() -> cost.start = now(), nanoTime - System.nanoTime(), TimeUnit.NANOSECONDS);
        return cost;
    }

    /** Cores that were busy since, in the mean. */
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
