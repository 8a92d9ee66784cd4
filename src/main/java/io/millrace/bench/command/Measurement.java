package io.millrace.bench.command;

import io.millrace.bench.connection.EventLoops;
import io.millrace.bench.measure.Report;
import io.millrace.bench.run.BenchException;
import io.millrace.bench.run.Run;
import io.millrace.client.HubClient;
import io.millrace.client.HubUrl;
import io.millrace.client.NoAnswerException;
import io.millrace.client.RefusedException;
import io.millrace.command.CommandLines;
import io.millrace.command.Output;
import io.millrace.command.RunDescription;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.HdrHistogram.HistogramLogWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What all commands have in common: the hub's address and the output of results. Only the result goes to standard
 * output, so it can be piped; progress goes to standard error.
 */
@Command(showDefaultValues = true, sortOptions = false)
abstract class Measurement implements Callable<Integer> {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    @Option(names = "--url", paramLabel = "URL", description = "The hub, or a load balancer in front of several.")
    private String url = "http://127.0.0.1:8080";

    @Option(names = "--output", paramLabel = "text|json", description = "How the result is written.")
    private Output output = Output.TEXT;

    @Option(
            names = "--histogram",
            paramLabel = "FILE",
            description = "Also writes the latencies to this file, in HdrHistogram's log format (nanoseconds).",
            showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER)
    private @Nullable Path histogram;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    /** Checks the options that picocli cannot, with {@link #require}. */
    abstract void check();

    /** Which hub the event loops connect to. */
    HubUrl loadUrl(HubUrl hub) {
        return hub;
    }

    /** Threads that the measurement generates load with. */
    abstract int threads();

    abstract Report measure(HubClient hub, EventLoops loops, Run run) throws NoAnswerException, InterruptedException;

    @Override
    public final Integer call() throws IOException {
        CommandLines.keepNettyQuiet();
        HubUrl where = url("--url", url);
        check();
        Instant began = Instant.now();
        Run run = new Run();
        try (HubClient hub = new HubClient(where);
                EventLoops loops = new EventLoops(loadUrl(where), threads())) {
            Report report = measure(hub, loops, run);
            run.finish();
            writeHistograms(report);
            print(report, hub, began);
            String failure = report.failure();
            if (failure != null) {
                throw new BenchException(failure);
            }
            return 0;
        } catch (NoAnswerException | RefusedException failure) {
            throw new BenchException(String.valueOf(failure.getMessage()), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", interrupted);
        }
    }

    /** Fails with a usage error if the condition does not hold. */
    final void require(boolean holds, String otherwise) {
        CommandLines.require(spec, holds, otherwise);
    }

    final HubUrl url(String option, String text) {
        return CommandLines.url(spec, option, text);
    }

    /** The writer for progress. */
    final PrintWriter progress() {
        return spec.commandLine().getErr();
    }

    private void print(Report report, HubClient hub, Instant began) throws NoAnswerException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case TEXT -> out.print(report.text(spec.qualifiedName() + " " + hub.hub()));
            case JSON ->
                out.println(report.json(
                        spec.name(), RunDescription.parameters(spec), RunDescription.environment(hub, began)));
        }
        out.flush();
    }

    private void writeHistograms(Report report) throws IOException {
        if (histogram == null) {
            return;
        }
        try (PrintStream file = new PrintStream(Files.newOutputStream(histogram), false, StandardCharsets.UTF_8)) {
            HistogramLogWriter log = new HistogramLogWriter(file);
            log.outputLogFormatVersion();
            log.outputLegend();
            report.histograms().forEach((name, latencies) -> {
                latencies.setTag(name);
                log.outputIntervalHistogram(latencies);
            });
        }
    }
}
