package io.millrace.command;

import io.millrace.client.HubClient;
import io.millrace.client.NoAnswerException;
import io.millrace.client.message.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import tools.jackson.core.JacksonException;

/** A run's parameters and environment, as its result in JSON states them. */
public final class RunDescription {

    private RunDescription() {}

    /** The values of all options, by their names with underscores. */
    public static Map<String, Object> parameters(CommandSpec spec) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (OptionSpec option : spec.options()) {
            Object value = option.getValue();
            if (value != null && !option.usageHelp()) {
                String name = option.longestName().substring(2).replace('-', '_');
                parameters.put(name, written(value));
            }
        }
        return parameters;
    }

    private static Object written(Object value) {
        return switch (value) {
            case Number number -> number;
            case Boolean flag -> flag;
            case Duration duration -> Durations.format(duration);
            case Collection<?> several -> several.stream().map(Object::toString).toList();
            default -> value.toString();
        };
    }

    public static Map<String, @Nullable Object> environment(HubClient hub, Instant began)
            throws NoAnswerException, InterruptedException {
        Map<String, @Nullable Object> environment = new LinkedHashMap<>();
        environment.put("started_at", began.toString());
        environment.put("hub_version", version(hub));
        environment.put("java", System.getProperty("java.runtime.version"));
        environment.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        environment.put("processors", Runtime.getRuntime().availableProcessors());
        return environment;
    }

    /** The version that the hub reports; null if it does not. */
    private static @Nullable String version(HubClient hub) throws NoAnswerException, InterruptedException {
        try {
            return Json.MAPPER.readTree(hub.get("/").body()).path("version").asString(null);
        } catch (JacksonException notJson) {
            return null;
        }
    }
}
