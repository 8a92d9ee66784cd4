package io.millrace.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A mistake planted in any kind of object that the chart renders is found: without this, {@link ChartIT} is idle. */
class KubernetesObjectsIT {

    private static final Chart EVERYTHING = Chart.render(Map.of(), Chart.valuesOf("everything"));

    /** In the object at the pointer, the field gets another name. */
    @ParameterizedTest
    @CsvSource({
        "ConfigMap,               '',                                       data,          datas",
        "Service,                 /spec/ports/0,                            targetPort,    targetport",
        "ServiceAccount,          '',                              automountServiceAccountToken, automountToken",
        "Deployment,              /spec/template/spec/containers/0/securityContext, readOnlyRootFilesystem,"
                + " readOnlyRootFileSystem",
        "Deployment,              /spec/template/spec/containers/0/startupProbe/httpGet, path, paths",
        "Deployment,              /spec/template/spec/topologySpreadConstraints/0, maxSkew, maxSkews",
        "Deployment,              /spec/template/spec/containers/0/lifecycle/preStop/exec, command, commands",
        "HorizontalPodAutoscaler, /spec/metrics/0/resource/target,          averageUtilization, utilization",
        "HTTPRoute,               /spec/rules/0/timeouts,                   backendRequest, backend",
        "Ingress,                 /spec/rules/0/http/paths/0/backend/service, port,        ports",
        "NetworkPolicy,           /spec/egress/1/to/0,                      podSelector,   podselector",
        "PodDisruptionBudget,     /spec,                                    maxUnavailable, maxUnavailables",
        "Cluster,                 /spec/postgresql/synchronous,             failoverQuorum, failOverQuorum",
        "Cluster,                 /spec/bootstrap/initdb,                   postInitSQL,   postInitSql",
        "ObjectStore,             /spec/configuration/s3Credentials,        accessKeyId,   accessKeyID",
        "ScheduledBackup,         /spec,                                    pluginConfiguration, pluginConfig",
        "ServiceMonitor,          /spec/endpoints/0,                        scrapeTimeout, timeout",
        "ServiceMonitor,          /spec/endpoints/0/authorization,          credentials,   secret",
        "PrometheusRule,          /spec/groups/0/rules/0,                   expr,          expression",
    })
    void aMisspeltFieldIsFound(String kind, String pointer, String field, String misspelt) {
        JsonNode object = EVERYTHING.all(kind).getFirst().deepCopy();
        assertThat(KubernetesObjects.problems(object)).isEmpty();
        ObjectNode place = (ObjectNode) object.at(pointer);

        place.set(misspelt, place.remove(field));

        assertThat(KubernetesObjects.problems(object)).anyMatch(problem -> problem.contains(misspelt));
    }

    /** Kubernetes takes no number and no boolean for a string, which is what YAML makes of a word without quotes. */
    @ParameterizedTest
    @CsvSource({
        "Deployment, /spec/template/spec/containers/0/env/0,   value",
        "Deployment, /spec/template/metadata/annotations,      checksum~1config",
        "ConfigMap,  /data,                                    application.yaml",
        "Ingress,    /metadata/annotations,                    nginx.ingress.kubernetes.io~1proxy-buffering",
        "Cluster,    /spec/postgresql/parameters,              jit",
    })
    void anotherTypeIsFound(String kind, String pointer, String field) {
        String name = field.replace("~1", "/");
        JsonNode object = EVERYTHING.all(kind).getFirst().deepCopy();
        ObjectNode place = (ObjectNode) object.at(pointer);
        assertThat(place.path(name).isString()).isTrue();

        assertThat(KubernetesObjects.problems(changed(object, place.put(name, 1))))
                .isNotEmpty();
        assertThat(KubernetesObjects.problems(changed(object, place.put(name, false))))
                .isNotEmpty();
    }

    @Test
    void anUnknownKindIsFound() {
        ObjectNode object = (ObjectNode) EVERYTHING.only("Deployment").deepCopy();

        object.put("apiVersion", "extensions/v1beta1");

        assertThat(KubernetesObjects.problems(object)).hasSize(1);
    }

    @Test
    void everyKindHasAMistakePlantedInIt() throws Exception {
        Set<String> rendered = EVERYTHING.objects().stream()
                .map(object -> object.path("kind").asString())
                .collect(Collectors.toSet());
        String[] planted = KubernetesObjectsIT.class
                .getDeclaredMethod("aMisspeltFieldIsFound", String.class, String.class, String.class, String.class)
                .getAnnotation(CsvSource.class)
                .value();

        assertThat(rendered).allMatch(kind -> Arrays.stream(planted).anyMatch(row -> row.startsWith(kind + ",")));
    }

    private static JsonNode changed(JsonNode object, ObjectNode inIt) {
        assertThat(object.toString()).contains(inIt.toString());
        return object;
    }
}
