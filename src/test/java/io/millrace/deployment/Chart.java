package io.millrace.deployment;

import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The chart as Helm renders it for a release called {@code millrace} in the namespace {@code hubs}.
 *
 * @param objects in Helm's order
 */
record Chart(List<JsonNode> objects) {

    static final Path HOME = Path.of("helm", "millrace");

    /** The least that has to be set. */
    static final Path LEAST = valuesOf("plaintext");

    /** Kubernetes puts in the value of an earlier variable. */
    static final Pattern REFERENCE = Pattern.compile("\\$\\((\\w+)\\)");

    private static final String RELEASE = "millrace";
    private static final String NAMESPACE = "hubs";

    /** The oldest that the chart supports. Without a version, Helm's library takes an older one. */
    private static final String KUBERNETES = "1.27.0";

    static LintResult lint() {
        return new Helm(HOME).lint().strict().call();
    }

    /** A file of values for each tested case. */
    static List<Path> cases() throws IOException {
        try (Stream<Path> files = Files.list(HOME.resolve("ci"))) {
            return files.sorted().toList();
        }
    }

    static Path valuesOf(String name) {
        return HOME.resolve("ci").resolve(name + "-values.yaml");
    }

    /** @throws IllegalStateException with Helm's message if the schema or a template refuses the values */
    static Chart render(Map<String, String> values, Path... files) {
        var template = new Helm(HOME)
                .template()
                .withName(RELEASE)
                .withNamespace(NAMESPACE)
                .withKubeVersion(KUBERNETES);
        for (Path file : files) {
            template.withValuesFile(file);
        }
        values.forEach(template::set);
        return new Chart(parse(template.call()));
    }

    /** The text that {@code helm install} prints. */
    static String notes(Path... files) {
        var install = new Helm(HOME)
                .install()
                .withName(RELEASE)
                .withNamespace(NAMESPACE)
                .withKubeVersion(KUBERNETES)
                .clientOnly()
                .withDryRunOption(DryRun.CLIENT);
        for (Path file : files) {
            install.withValuesFile(file);
        }
        return install.call().getOutput().split("NOTES:\n", 2)[1];
    }

    /** The only object of a kind. */
    JsonNode only(String kind) {
        List<JsonNode> found = all(kind);
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " objects of the kind " + kind);
        }
        return found.getFirst();
    }

    List<JsonNode> all(String kind) {
        return objects.stream()
                .filter(object -> object.path("kind").asString().equals(kind))
                .toList();
    }

    JsonNode pod() {
        return only("Deployment").path("spec").path("template");
    }

    JsonNode container() {
        return pod().path("spec").path("containers").path(0);
    }

    /** The container's variable of that name. */
    JsonNode variable(String name) {
        for (JsonNode variable : container().path("env")) {
            if (variable.path("name").asString().equals(name)) {
                return variable;
            }
        }
        throw new AssertionError("no variable " + name);
    }

    /**
     * What the hub's process gets to see.
     *
     * @param sources what Kubernetes takes from elsewhere: the values of variables with {@code valueFrom}, and of
     *     optional ones only if there is one
     */
    Map<String, String> environment(Map<String, String> sources) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (JsonNode variable : container().path("env")) {
            String name = variable.path("name").asString();
            String value = variable.has("value") ? variable.path("value").asString() : sources.get(name);
            if (value != null) {
                environment.put(
                        name,
                        REFERENCE
                                .matcher(value)
                                .replaceAll(part -> Matcher.quoteReplacement(
                                        environment.getOrDefault(part.group(1), part.group()))));
            } else if (!variable.at("/valueFrom/secretKeyRef/optional").asBoolean()) {
                throw new AssertionError("no source for " + variable);
            }
        }
        return environment;
    }

    /** The secret from which the container gets the file. */
    String mounted(String file) {
        String directory = file.substring(0, file.lastIndexOf('/'));
        for (JsonNode mount : container().path("volumeMounts")) {
            if (mount.path("mountPath").asString().equals(directory)) {
                for (JsonNode volume : pod().at("/spec/volumes")) {
                    if (volume.path("name").equals(mount.path("name"))) {
                        return volume.path("secret").toString();
                    }
                }
            }
        }
        throw new AssertionError("nothing is mounted at " + directory);
    }

    static List<JsonNode> parse(String yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        List<JsonNode> objects = new ArrayList<>();
        StreamSupport.stream(
                        new Yaml(new SafeConstructor(options)).loadAll(yaml).spliterator(), false)
                .filter(document -> document != null)
                .forEach(document -> objects.add(JsonMapper.shared().valueToTree(document)));
        return objects;
    }
}
