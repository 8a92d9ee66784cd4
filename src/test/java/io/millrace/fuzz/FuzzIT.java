package io.millrace.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.testing.Beside;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fuzzes all {@link FuzzTargets}, each in a process of its own: a fuzzer keeps one corpus and one map of what has been
 * covered for its process, and the heap of the process is its bound. For a longer run of some of them:
 * {@code -Dfuzz.seconds=600 -Dfuzz.targets=RecordsFuzz,FramesFuzz}.
 *
 * <p>Each target's corpus stays under {@code target/fuzz}, so that the next run goes on from there. An input that
 * breaks a promise is written to {@code src/test/resources/io/millrace/fuzz}, where {@link FuzzTargetsTest} tries it
 * from then on.
 */
@Beside
class FuzzIT {

    private static final Logger log = LoggerFactory.getLogger(FuzzIT.class);

    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 60);

    /** The same inputs each time, as far as the time suffices: what fails the build is a change, and not chance. */
    private static final int SEED = Integer.getInteger("fuzz.seed", 4_711);

    private static final List<String> NAMES =
            List.of(System.getProperty("fuzz.targets", "").split(","));
    private static final int AT_ONCE = 2;

    /** For the JVM, for reading the corpus, and for the last input. */
    private static final int MORE_SECONDS = 240;

    private static final Path DIRECTORY = Path.of("target", "fuzz").toAbsolutePath();
    private static final Path FINDINGS =
            Path.of("src/test/resources/io/millrace/fuzz").toAbsolutePath();

    /** Of the fuzzer's last line. */
    private static final Pattern RUNS = Pattern.compile("Done (\\d+) runs in (\\d+) second");

    private static final Pattern COVERED = Pattern.compile("DONE +cov: (\\d+) ");
    private static final int LEAST_RUNS = 1000;

    /** What the targets need: the fuzzer reads the whole class path when it starts, which takes 10 s for all of it. */
    private static final Pattern NEEDED = Pattern.compile(
            ".*/(code-intelligence|jackson|logback|log4j|slf4j|commons-logging|projectreactor|reactivestreams|jspecify)/.*"
                + "|.*/(netty-(common|buffer|codec|transport|handler)|spring-)[^/]*|.*classes/?");

    private record Run(FuzzTarget target, int exit, String output) {}

    @Test
    void noInputBreaksAPromise() throws Exception {
        assumeTrue(canFuzz(), "the fuzzer has native libraries for Linux and macOS");
        List<Run> runs = runAll();
        for (Run run : runs) {
            assertThat(run.exit())
                    .as("%s; its last lines are%n%s", run.target().name(), tail(run.output()))
                    .isZero();
            Matcher done = RUNS.matcher(run.output());
            Matcher covered = COVERED.matcher(run.output());
            assertThat(done.find() && covered.find()).as(tail(run.output())).isTrue();
            log.info("{}: {} inputs, {} edges", run.target().name(), done.group(1), covered.group(1));
            assertThat(Integer.parseInt(done.group(1))).as(run.target().name()).isGreaterThan(LEAST_RUNS);
        }
    }

    private static boolean canFuzz() {
        String system = System.getProperty("os.name");
        return system.startsWith("Linux") || system.startsWith("Mac");
    }

    private static List<Run> runAll() throws Exception {
        List<FuzzTarget> targets = FuzzTargets.ALL.stream()
                .filter(target -> NAMES.contains("") || NAMES.contains(target.name()))
                .toList();
        assertThat(targets).as("targets named " + NAMES).isNotEmpty();
        try (ExecutorService processes = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Callable<Run>> calls = targets.stream()
                    .<Callable<Run>>map(target -> () -> run(target))
                    .toList();
            List<Run> runs = new ArrayList<>();
            for (Future<Run> run : processes.invokeAll(calls)) {
                runs.add(run.get());
            }
            return runs;
        }
    }

    private static Run run(FuzzTarget target) throws IOException, InterruptedException {
        Path directory = DIRECTORY.resolve(target.name());
        Path corpus = Files.createDirectories(directory.resolve("corpus"));
        writeSeeds(target, Files.createDirectories(directory.resolve("seeds")));
        Path findings = FINDINGS.resolve(target.name());
        Files.createDirectories(findings);
        Path output = directory.resolve("output");
        List<String> command = command(target, corpus, directory.resolve("seeds"), findings);
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean ended = process.waitFor(SECONDS + MORE_SECONDS, TimeUnit.SECONDS);
            return new Run(target, ended ? process.exitValue() : -1, Files.readString(output));
        } finally {
            process.destroyForcibly();
            try (Stream<Path> files = Files.list(findings)) {
                if (files.findAny().isEmpty()) {
                    Files.delete(findings);
                }
            }
        }
    }

    /** With a low priority: tests beside it have deadlines. */
    private static List<String> command(FuzzTarget target, Path corpus, Path seeds, Path findings) {
        return List.of(
                "nice",
                "-n",
                "10",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath(),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzDriver.class.getName(),
                "--target_args=" + target.name(),
                "--instrumentation_includes=io.millrace.**:org.springframework.util.MimeType*",
                "--custom_hook_includes=io.millrace.**",
                // Looks for patterns made by clients, at a kilobyte for each split of a string.
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.RegexInjection",
                "--reproducer_path=" + corpus.getParent(),
                "-artifact_prefix=" + findings + "/",
                "-max_total_time=" + SECONDS,
                "-seed=" + SEED,
                "-timeout=20",
                // The heap is bounded, and exhausting it is a finding. Native memory differs between machines.
                "-rss_limit_mb=0",
                "-len_control=20",
                "-max_len=65536",
                corpus.toString(),
                seeds.toString());
    }

    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry ->
                        NEEDED.matcher(entry.replace(File.separatorChar, '/')).matches())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static void writeSeeds(FuzzTarget target, Path directory) throws IOException {
        int number = 0;
        for (byte[] seed : target.seeds().toList()) {
            Files.write(directory.resolve("seed-" + number++), seed);
        }
        for (Path finding : FuzzTargets.findings(target)) {
            Files.copy(
                    finding,
                    directory.resolve(finding.getFileName()),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String tail(String output) {
        List<String> lines = output.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }
}
