package io.millrace.readme;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A program that prints each record that it processes on a line. It ends with this JVM. */
final class ConsumerProcess implements Consumer {

    /** Runs the program until the input ends, which only this JVM holds open; each input line is a signal. */
    private static final String UNTIL_INPUT_ENDS = """
        exec 3<&0 </dev/null
        "$@" 3<&- &
        program=$!
        while read -r signal <&3; do
          kill "-$signal" "$program"
        done
        kill -KILL "$program"
        """;

    private final Process process;
    private final Pattern line;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();

    private ConsumerProcess(Process process, Pattern line) {
        this.process = process;
        this.line = line;
    }

    /** @param line the format of a processed record: partition, offset, key, value */
    static ConsumerProcess start(Pattern line, String... command) throws IOException {
        List<String> wrapped = new ArrayList<>(List.of("sh", "-c", UNTIL_INPUT_ENDS, "sh"));
        wrapped.addAll(List.of(command));
        ConsumerProcess started = new ConsumerProcess(new ProcessBuilder(wrapped).start(), line);
        collect(started.process.inputReader(StandardCharsets.UTF_8), started.output);
        collect(started.process.errorReader(StandardCharsets.UTF_8), started.errors);
        return started;
    }

    private static void collect(BufferedReader reader, List<String> lines) {
        Thread.ofVirtual().start(() -> {
            try (reader) {
                reader.lines().forEach(lines::add);
            } catch (IOException | java.io.UncheckedIOException ended) {
                lines.add(ended.toString());
            }
        });
    }

    @Override
    public List<Seen> seen() {
        return output.stream().map(this::seen).toList();
    }

    private Seen seen(String text) {
        Matcher found = line.matcher(text);
        if (!found.find()) {
            throw new AssertionError("not a record: " + text);
        }
        return new Seen(
                Integer.parseInt(found.group(1)),
                Long.parseLong(found.group(2)),
                found.group(3),
                Long.parseLong(found.group(4)));
    }

    @Override
    public String trouble() {
        return String.join("\n", errors);
    }

    @Override
    public void kill() {
        try (Stream<ProcessHandle> all = process.descendants()) {
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }

    @Override
    public void stop() throws IOException {
        Writer signals = process.outputWriter();
        signals.write("TERM\n");
        signals.flush();
    }

    @Override
    public void close() throws Exception {
        kill();
        process.outputWriter().close();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
