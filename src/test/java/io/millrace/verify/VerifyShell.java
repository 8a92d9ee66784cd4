package io.millrace.verify;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Runs {@code verify} like the command line, but in this process. */
public final class VerifyShell {

    private VerifyShell() {}

    public record Result(int exitCode, String out, String err) {}

    /** @param arguments separated by spaces */
    public static Result run(String arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = VerifyCommand.configured(new CommandLine(new VerifyCommand()))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.strip().split(" +"));
        return new Result(exitCode, out.toString(), err.toString());
    }
}
