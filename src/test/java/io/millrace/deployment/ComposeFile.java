package io.millrace.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * {@code docker-compose.yml}, as Compose reads it.
 *
 * @param variables those of the shell that calls Compose
 */
record ComposeFile(JsonNode json, Map<String, String> variables) {

    /** A dollar sign; or a variable with a default. */
    private static final Pattern DOLLAR = Pattern.compile("\\$(?:\\$|\\{(\\w+):-([^}]*)}|)");

    static ComposeFile read(Map<String, String> variables) throws IOException {
        String text = Files.readString(Path.of("docker-compose.yml"));
        return new ComposeFile(Chart.parse(text).getFirst(), variables);
    }

    JsonNode service(String name) {
        return json.path("services").path(name);
    }

    /** The file that a service gets at a path. */
    String config(String service, String target) {
        for (JsonNode config : service(service).path("configs")) {
            if (config.path("target").asString().equals(target)) {
                String source = config.path("source").asString();
                return interpolated(
                        json.path("configs").path(source).path("content").asString());
            }
        }
        throw new AssertionError(service + " has no " + target);
    }

    Map<String, String> environment(String service) {
        Map<String, String> environment = new TreeMap<>();
        service(service)
                .path("environment")
                .properties()
                .forEach(variable -> environment.put(
                        variable.getKey(), interpolated(variable.getValue().asString())));
        return environment;
    }

    List<String> command(String service) {
        List<String> command = new ArrayList<>();
        service(service).path("command").forEach(word -> command.add(interpolated(word.asString())));
        return command;
    }

    private String interpolated(String text) {
        return DOLLAR.matcher(text).replaceAll(found -> {
            String variable = found.group(1);
            if (variable == null && !found.group().equals("$$")) {
                throw new AssertionError("Compose replaces what follows a single dollar sign: " + text);
            }
            String value = variable == null ? "$" : variables.getOrDefault(variable, found.group(2));
            return Matcher.quoteReplacement(value);
        });
    }
}
