package io.millrace.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The certificates that the chart gives to the hubs. */
class ChartTlsIT {

    private static final Path EXTERNAL = Chart.valuesOf("external-tls");
    private static final Path TLS = Chart.valuesOf("tls");
    private static final String CA = "/etc/millrace/database/ca.crt";

    @Test
    void theCertificateOfAnExternalDatabaseIsChecked() {
        Chart chart = Chart.render(Map.of(), EXTERNAL);

        assertThat(chart.variable("MILLRACE_DATABASE_URL").path("value").asString())
                .isEqualTo("postgresql://pg-1.example.org:5432,pg-2.example.org:5432/millrace"
                        + "?target_session_attrs=read-write&sslmode=verify-full&sslrootcert=" + CA);
        assertThat(chart.variable("MILLRACE_DATABASE_USERNAME").at("/valueFrom/secretKeyRef"))
                .hasToString("{\"name\":\"millrace-login\",\"key\":\"username\"}");
        assertThat(chart.mounted(CA))
                .isEqualTo(
                        "{\"secretName\":\"postgres-ca\",\"items\":" + "[{\"key\":\"ca.crt\",\"path\":\"ca.crt\"}]}");
        assertThat(chart.container().path("image").asString()).startsWith("registry.example.org/millrace@sha256:");
    }

    @Test
    void theHubsOwnCertificateIsThatOfTheSecret() {
        Chart chart = Chart.render(Map.of(), TLS);

        assertThat(chart.variable("SERVER_SSL_BUNDLE").path("value").asString()).isEqualTo("hub");
        assertThat(chart.mounted(file(chart, "KEYSTORE_CERTIFICATE"))).isEqualTo("{\"secretName\":\"hub-tls\"}");
        assertThat(chart.mounted(file(chart, "KEYSTORE_PRIVATEKEY"))).isEqualTo("{\"secretName\":\"hub-tls\"}");
        assertThat(chart.variable("SERVER_SSL_CLIENTAUTH").path("value").asString())
                .isEqualTo("want");
        assertThat(chart.mounted(file(chart, "TRUSTSTORE_CERTIFICATE")))
                .isEqualTo(
                        "{\"secretName\":\"clients\",\"items\":[{\"key\":\"authorities.pem\",\"path\":\"ca.crt\"}]}");
        for (JsonNode mount : chart.container().path("volumeMounts")) {
            assertThat(mount.has("subPath"))
                    .as("it would keep the old certificate")
                    .isFalse();
        }
        assertThat(chart.variable("MILLRACE_CLUSTER_ADDRESS").path("value").asString())
                .isEqualTo("https://$(POD_IP):8080");
        assertThat(chart.only("Service").at("/spec/ports/0/appProtocol").asString())
                .isEqualTo("https");
        for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            assertThat(chart.container().path(probe).path("httpGet").propertyNames())
                    .as("by plain HTTP, on the port that has no TLS")
                    .containsExactlyInAnyOrder("path", "port");
            assertThat(chart.container().path(probe).at("/httpGet/port").asString())
                    .isEqualTo("management");
        }
        assertThat(chart.only("Service").at("/spec/ports")).hasSize(1);
        assertThat(Chart.notes(TLS))
                .contains("curl -sSk -H \"Authorization: Bearer $KEY\" https://localhost:8080/v1/topics")
                .doesNotContain("http://");
    }

    private static String file(Chart chart, String setting) {
        return chart.variable("SPRING_SSL_BUNDLE_PEM_HUB_" + setting)
                .path("value")
                .asString();
    }
}
