package io.millrace.readme;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Runs commands in bash in a directory, as a user would. */
final class Shell {

    static final int INTERRUPTED = 130;

    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private final Path directory;

    Shell(Path directory) {
        this.directory = directory;
    }

    record Result(int status, String output) {}

    /**
     * Runs the script to its end or to the first failing command; or ends it like Ctrl-C once its output is sufficient.
     *
     * @return with the status {@link #INTERRUPTED} in the last case
     */
    Result run(String script, Predicate<String> enough) throws IOException, InterruptedException {
        Path output = Files.createTempFile("shell", ".out");
        Process bash = new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile())
                .start();
        try {
            long deadline = System.nanoTime() + DEADLINE.toNanos();
            while (!bash.waitFor(100, TimeUnit.MILLISECONDS)) {
                if (enough.test(Files.readString(output))) {
                    return new Result(INTERRUPTED, Files.readString(output));
                }
                if (System.nanoTime() > deadline) {
                    throw new AssertionError(
                            "the script does not end:\n" + script + "\n" + beginning(Files.readString(output)));
                }
            }
            return new Result(bash.exitValue(), Files.readString(output));
        } finally {
            bash.descendants().forEach(ProcessHandle::destroyForcibly);
            bash.destroyForcibly();
            Files.delete(output);
        }
    }

    private static String beginning(String text) {
        return text.substring(0, Math.min(text.length(), 2000));
    }

    /** Whether all of these programs are installed. */
    static boolean has(String... programs) {
        return Stream.of(programs)
                .allMatch(program -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, program))));
    }
}
