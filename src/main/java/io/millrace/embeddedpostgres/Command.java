package io.millrace.embeddedpostgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end and keeps what it printed. */
final class Command {

    /** The status a shell returns for a program that does not exist. */
    private static final int NOT_FOUND = 127;

    private Command() {}

    /** @param output both streams, in the order of printing */
    record Result(int status, String output) {

        boolean succeeded() {
            return status == 0;
        }
    }

    /** A program that does not exist counts as failed; one that exceeds the deadline is killed and counts as failed. */
    static Result run(List<String> command, Duration deadline) {
        try {
            Process process = builder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            return awaited(process, command, deadline);
        } catch (IOException missing) {
            return new Result(NOT_FOUND, String.valueOf(missing.getMessage()));
        }
    }

    /** As {@link #run}, for a long-running command: it ends with the hub, even if that is killed. */
    static Result runTied(List<String> command, Duration deadline) {
        List<String> tied = new ArrayList<>(List.of("sh", "-c", script("run-tied.sh"), "millrace-command"));
        tied.addAll(command);
        try {
            return awaited(builder(tied).redirectErrorStream(true).start(), command, deadline);
        } catch (IOException missing) {
            return new Result(NOT_FOUND, String.valueOf(missing.getMessage()));
        }
    }

    /** The text of a shell script in this class's package. */
    static String script(String name) {
        try (InputStream file = Command.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is missing from the class path");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Result awaited(Process process, List<String> command, Duration deadline) {
        CompletableFuture<String> output = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("command-output").start(() -> output.complete(read(process)));
        try {
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return new Result(-1, command.getFirst() + " did not end within " + deadline);
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return new Result(-1, command.getFirst() + " was interrupted");
        }
        return new Result(process.exitValue(), output.join());
    }

    /** Sends a signal that the JDK has no method for; a process that no longer exists is ignored. */
    static void signal(String name, long pid) {
        run(List.of("sh", "-c", "kill -" + name + " " + pid), Duration.ofSeconds(10));
    }

    /**
     * A builder whose environment does not influence PostgreSQL: no {@code PG...} variables, and messages in English.
     */
    static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command));
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("PG"));
        environment.put("LC_ALL", "C");
        environment.remove("TZ");
        return builder;
    }

    private static String read(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException | UncheckedIOException closed) {
            return "";
        }
    }
}
