package io.millrace.backup;

import io.millrace.client.message.Json;
import io.millrace.command.CommandFailure;
import io.millrace.command.CommandLines;
import io.millrace.command.Output;
import io.millrace.command.RunDescription;
import io.millrace.embeddedpostgres.EmbeddedPostgresException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.SerializationFeature;

/** How both commands work and report. */
final class Results {

    private Results() {}

    /** Does the work and prints its result; a failure becomes one line. */
    static <T> Integer print(CommandSpec spec, Output output, Supplier<T> work, Function<T, String> sentence) {
        CommandLines.logToStandardError();
        T done;
        try {
            done = work.get();
        } catch (EmbeddedPostgresException failure) {
            throw new CommandFailure(failure.getMessage() + ". " + failure.action(), failure);
        }
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case TEXT -> out.println(sentence.apply(done));
            case JSON -> out.println(json(spec, done));
        }
        out.flush();
        return 0;
    }

    private static String json(CommandSpec spec, Object results) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("command", spec.name());
        document.put("parameters", RunDescription.parameters(spec));
        document.put("results", results);
        return Json.MAPPER.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(document);
    }
}
