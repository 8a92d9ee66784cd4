package io.millrace.administration;

import io.millrace.client.message.Json;
import io.millrace.command.CommandLines;
import io.millrace.command.Output;
import java.io.PrintWriter;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.SerializationFeature;

/** How the commands report. */
final class Printing {

    private Printing() {}

    /** Does the work and prints its result. */
    static <T> Integer print(CommandSpec spec, Output output, Supplier<T> work, Function<T, String> text) {
        CommandLines.logToStandardError();
        T done = work.get();
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case TEXT -> out.println(text.apply(done));
            case JSON ->
                out.println(Json.MAPPER
                        .writer()
                        .with(SerializationFeature.INDENT_OUTPUT)
                        .writeValueAsString(done));
        }
        out.flush();
        return 0;
    }
}
