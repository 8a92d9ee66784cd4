package io.millrace.deployment;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * What is wrong with an object of Kubernetes: fields that its kind does not have, and values of another type, such as
 * the number 8080 for a string. Kubernetes' own kinds are read into fabric8's types, those of operators are compared
 * with a JSON schema of the fields that the chart sets.
 */
final class KubernetesObjects {

    private static final Map<String, Class<?>> TYPES = Map.of(
            "v1 ConfigMap", ConfigMap.class,
            "v1 Service", Service.class,
            "v1 ServiceAccount", ServiceAccount.class,
            "apps/v1 Deployment", Deployment.class,
            "autoscaling/v2 HorizontalPodAutoscaler", HorizontalPodAutoscaler.class,
            "gateway.networking.k8s.io/v1 HTTPRoute", HTTPRoute.class,
            "networking.k8s.io/v1 Ingress", Ingress.class,
            "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class,
            "policy/v1 PodDisruptionBudget", PodDisruptionBudget.class);

    private static final Set<String> SCHEMAS =
            Set.of("Cluster", "ObjectStore", "PrometheusRule", "ScheduledBackup", "ServiceMonitor");

    private static final JsonMapper STRICT = JsonMapper.builder()
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual, text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private KubernetesObjects() {}

    /** Empty if nothing is wrong. */
    static List<String> problems(JsonNode object) {
        String kind = object.path("kind").asString();
        Class<?> type = TYPES.get(object.path("apiVersion").asString() + " " + kind);
        if (type != null) {
            return problems(object, type);
        }
        if (!SCHEMAS.contains(kind)) {
            return List.of("an unknown kind: " + object.path("apiVersion") + " " + kind);
        }
        InputStream schema = KubernetesObjects.class.getResourceAsStream(kind + ".json");
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema)
                .validate(object)
                .stream()
                .map(problem -> problem.toString())
                .toList();
    }

    private static List<String> problems(JsonNode object, Class<?> type) {
        List<String> problems = new ArrayList<>();
        try {
            walk(STRICT.treeToValue(object, type), type.getSimpleName(), problems);
        } catch (JacksonException wrong) {
            problems.add(wrong.getMessage());
        } catch (ReflectiveOperationException failure) {
            throw new AssertionError(failure);
        }
        return problems;
    }

    /** fabric8's types keep unknown fields as additional properties instead of failing. */
    private static void walk(Object value, String path, List<String> problems) throws ReflectiveOperationException {
        if (value instanceof List<?> items) {
            for (Object item : items) {
                walk(item, path + "[]", problems);
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                walk(entry.getValue(), path + "." + entry.getKey(), problems);
            }
        } else if (value != null && value.getClass().getName().startsWith("io.fabric8.")) {
            for (Method getter : value.getClass().getMethods()) {
                String name = getter.getName();
                if (!name.startsWith("get") || name.equals("getClass") || getter.getParameterCount() > 0) {
                    continue;
                }
                Object found = getter.invoke(value);
                if (name.equals("getAdditionalProperties")) {
                    ((Map<?, ?>) found).keySet().forEach(unknown -> problems.add(path + "." + unknown));
                } else {
                    walk(found, path + "." + Character.toLowerCase(name.charAt(3)) + name.substring(4), problems);
                }
            }
        }
    }
}
