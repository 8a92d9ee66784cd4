package io.millrace.bench.hub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HubMetricsTest {

    @Test
    void memoryPoolsAndCollectorsAreSummed() {
        HubMetrics metrics = HubMetrics.parse("""
            # HELP jvm_memory_used_bytes The amount of used memory
            jvm_memory_used_bytes{application="millrace",area="heap",id="G1 Eden Space"} 3.7748736E7
            jvm_memory_used_bytes{application="millrace",area="heap",id="G1 Old Gen"} 2.0
            jvm_memory_used_bytes{application="millrace",area="nonheap",id="Metaspace"} 1.1E8
            jvm_gc_pause_seconds_count{action="end of minor GC",gc="G1 Young Generation"} 82
            jvm_gc_pause_seconds_count{action="end of major GC",gc="G1 Old Generation"} 1
            jvm_threads_live_threads{application="millrace"} 23.0
            process_cpu_time_ns_total{application="millrace"} 9.5E9
            """);

        assertThat(metrics).isEqualTo(new HubMetrics(37_748_738, 83, 9.5, 23));
    }

    @Test
    void textWithoutMetricsIsNull() {
        assertThat(HubMetrics.parse("<html>\nnot found")).isNull();
    }
}
