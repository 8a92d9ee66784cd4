package io.millrace.bench.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The results of a run, for people and for programs, in the order in which they were added. For the thread that runs
 * the command.
 */
public final class Report {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final int LABEL_WIDTH = 34;

    /** Percentiles of latencies, in milliseconds. */
    private record Percentiles(long count, double mean, double p50, double p90, double p99, double p99_9, double max) {

        static Percentiles of(Histogram nanos) {
            return new Percentiles(
                    nanos.getTotalCount(),
                    millis(nanos.getMean()),
                    millis(nanos.getValueAtPercentile(50)),
                    millis(nanos.getValueAtPercentile(90)),
                    millis(nanos.getValueAtPercentile(99)),
                    millis(nanos.getValueAtPercentile(99.9)),
                    millis(nanos.getMaxValue()));
        }

        private static double millis(double nanos) {
            return Math.round(nanos / 1000) / 1000.0;
        }
    }

    private final Map<String, Object> results = new LinkedHashMap<>();
    private final Map<String, Histogram> histograms = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private @Nullable String failure;

    /** @param name with underscores, for programs */
    public Report count(String name, long value) {
        results.put(name, value);
        return line(name.replace('_', ' '), String.format(Locale.ROOT, "%,d", value));
    }

    /** @param label for people, with the unit */
    public Report number(String name, String label, double value) {
        results.put(name, Math.round(value * 1000) / 1000.0);
        return line(label, String.format(Locale.ROOT, "%,.2f", value));
    }

    /**
     * A rate of records.
     *
     * @param bytes of their values
     */
    public Report throughput(long records, long bytes, double seconds) {
        return number("records_per_second", "records/s", records / seconds)
                .number("megabytes_per_second", "MB/s (values, 10^6 bytes)", bytes / seconds / 1e6);
    }

    /** @param name of a histogram of nanoseconds, such as {@code answer} */
    public Report latency(String name, String label, Histogram histogram) {
        histograms.put(name, histogram);
        Percentiles figures = Percentiles.of(histogram);
        results.put("latency_ms_" + name, figures);
        if (figures.count() == 0) {
            return line(label, "none: no request of the measured time was answered");
        }
        return line(
                label,
                String.format(
                        Locale.ROOT,
                        "p50 %.3f  p90 %.3f  p99 %.3f  p99.9 %.3f  max %.3f ms",
                        figures.p50(),
                        figures.p90(),
                        figures.p99(),
                        figures.p99_9(),
                        figures.max()));
    }

    /** Adds what readers of the figures must know. */
    public Report note(String sentence) {
        notes.add(sentence);
        return this;
    }

    /** The run is complete, but the hub has broken a guarantee; the process then exits with an error code. */
    public Report failed(String sentence) {
        failure = sentence;
        return this;
    }

    @Nullable
    public String failure() {
        return failure;
    }

    public Map<String, Histogram> histograms() {
        return histograms;
    }

    private Report line(String label, String value) {
        lines.add(String.format(Locale.ROOT, "%-" + LABEL_WIDTH + "s %s", label, value));
        return this;
    }

    public String text(String title) {
        StringBuilder text = new StringBuilder(title).append("\n\n");
        lines.forEach(line -> text.append(line).append('\n'));
        notes.forEach(note -> text.append('\n').append(note).append('\n'));
        return text.toString();
    }

    /**
     * @param parameters of the run
     * @param environment in which it took place
     */
    public String json(String command, Map<String, Object> parameters, Map<String, @Nullable Object> environment) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("command", command);
        document.put("parameters", parameters);
        document.put("environment", environment);
        document.put("results", results);
        document.put("notes", notes);
        document.put("failure", failure);
        return JSON.writeValueAsString(document);
    }
}
