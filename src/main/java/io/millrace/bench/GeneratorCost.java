package io.millrace.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this process itself takes of the machine. If it is near the number of its threads, it has measured itself and not
 * the hub.
 */
record GeneratorCost(long began, long cpu) {

    static GeneratorCost start() {
        return new GeneratorCost(System.nanoTime(), cpuTime());
    }

    /** Cores that were busy since the start, in the mean. */
    double cores() {
        return (double) (cpuTime() - cpu) / (System.nanoTime() - began);
    }

    private static long cpuTime() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
