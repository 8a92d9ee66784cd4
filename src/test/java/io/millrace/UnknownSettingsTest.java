package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Unknown settings are found wherever they are set, and no others. */
class UnknownSettingsTest {

    private static final SettingNames NAMES = SettingNames.read();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--millrace.append.queue-capacity=1MB",
                "--millrace.append.queueCapacity=1MB",
                "--millrace.append.queue_capacity=1MB",
                "--MILLRACE.APPEND.QUEUE-CAPACITY=1MB",
                "--millrace.home=x",
                "--server.port=0",
                "--millracer=1",
                "--spring.application.name=millrace.x"
            })
    void knownArgumentsAreAccepted(String argument) {
        assertThat(find(arguments(argument))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "millrace.append.queue-capcity, millrace.append.queue-capacity",
        "millrace.apend.lanes,          millrace.append.lanes",
        "millrace.queue-capacity,       millrace.append.queue-capacity",
        "millrace.hom,                  millrace.home",
        "millrace.append,               millrace.append.lanes",
        "millrace.homes[0],             millrace.home",
        "millrace.limit.maxHeaders,     millrace.limits.max-headers",
    })
    void anUnknownArgumentIsReportedWithTheNearestSetting(String name, String nearest) {
        assertThat(find(arguments("--" + name + "=1")))
                .containsExactly(new UnknownSettingException.Setting(name, "an argument", nearest));
    }

    @ParameterizedTest
    @CsvSource({
        "MILLRACE_APPEND_QUEUECAPACITY, 1MB",
        "MILLRACE_APPEND_QUEUE_CAPACITY, 1MB",
        "MILLRACE_EMBEDDEDPOSTGRES_STARTTIMEOUT, 1m",
        "MILLRACE_EMBEDDED_POSTGRES_START_TIMEOUT, 1m",
        "MILLRACE_HOME, x",
        "millrace_home, x",
        "MILLRACE, x",
        "MILLRACES_LIMIT, x",
        "MILLRACE_SERVICE_HOST, 10.0.0.1",
        "MILLRACE_SERVICE_PORT_HTTP, 8080",
        "MILLRACE_PORT, tcp://10.0.0.1:8080",
        "MILLRACE_PORT_8080_TCP, tcp://10.0.0.1:8080",
        "MILLRACE_PORT_8080_TCP_ADDR, 10.0.0.1",
        "MILLRACE_TEST_SERVICE_HOST, 10.0.0.1",
        "MILLRACE_TEST_PORT_8080_TCP_PROTO, tcp",
    })
    void knownVariablesAndThoseOfContainerPlatformsAreAccepted(String name, String value) {
        assertThat(find(variable(name, value))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "MILLRACE_APPEND_QUEUECAPCITY, millrace.append.queue-capacity",
        "MILLRACE_CLUSTER_LEASES,      millrace.cluster.lease",
        "MILLRACE_DATABSE_URL,         millrace.database.url",
    })
    void anUnknownVariableIsReportedWithTheNearestSetting(String name, String nearest) {
        assertThat(find(variable(name, "1")))
                .containsExactly(new UnknownSettingException.Setting(name, "an environment variable", nearest));
    }

    @Test
    void theSettingsOfAFileAreChecked() {
        PropertySource<?> file = new MapPropertySource(
                "application.yaml",
                Map.of("millrace.append.lanes", 3, "millrace.append.lane", 3, "logging.level.io.millrace.x", "debug"));

        assertThat(find(file))
                .containsExactly(new UnknownSettingException.Setting(
                        "millrace.append.lane", "application.yaml", "millrace.append.lanes"));
    }

    @Test
    void theHubDoesNotStart() {
        String[] nowhere = {"--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/none", "--millrace.append.lane=3"};
        assertThatThrownBy(() -> SpringApplication.run(MillraceApplication.class, nowhere))
                .isInstanceOf(UnknownSettingException.class)
                .hasMessageContaining("millrace.append.lane");
    }

    @Test
    void aFileWithoutSettingsIsAccepted() throws Exception {
        for (String file : List.of("", "{}", "# nothing")) {
            var sources = new YamlPropertySourceLoader()
                    .load("application.yaml", new ByteArrayResource(file.getBytes(StandardCharsets.UTF_8)));

            assertThat(sources).allSatisfy(source -> assertThat(find(source)).isEmpty());
        }
    }

    @Test
    void theReportHasALinePerSetting() {
        FailureAnalysis analysis = new UnknownSettingException.Analyzer()
                .analyze(new UnknownSettingException(
                        List.of(new UnknownSettingException.Setting("millrace.hom", "an argument", "millrace.home"))));

        assertThat(analysis.getDescription())
                .isEqualTo("There is no setting millrace.hom (an argument). Did you mean millrace.home?");
        assertThat(analysis.getAction()).contains("docs/configuration.md");
    }

    private static CommandLinePropertySource<?> arguments(String... arguments) {
        return new SimpleCommandLinePropertySource(arguments);
    }

    private static PropertySource<?> variable(String name, String value) {
        return new SystemEnvironmentPropertySource("systemEnvironment", Map.of(name, value));
    }

    private static List<UnknownSettingException.Setting> find(PropertySource<?> source) {
        StandardEnvironment environment = new StandardEnvironment();
        MutablePropertySources sources = environment.getPropertySources();
        sources.remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        sources.remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
        sources.addFirst(source);
        return UnknownSettings.find(environment, NAMES);
    }
}
