package io.millrace.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/** {@code docs/configuration.md} lists exactly the settings of the hub, with their defaults. */
class ConfigurationPageTest {

    @Test
    void everySettingIsListedWithItsDefault() throws Exception {
        Map<String, String> listed = new TreeMap<>();
        for (DocumentedRow row : DocumentedRow.all("docs/configuration.md")) {
            if (row.name().startsWith("millrace.")) {
                assertThat(listed.put(row.name(), row.second())).as(row.name()).isNull();
                assertThat(row.last()).as(row.name()).endsWith(".");
            }
        }

        assertThat(listed).isEqualTo(settings());
    }

    private static Map<String, String> settings() throws Exception {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        Map<String, String> settings = new TreeMap<>();
        for (var found : scanner.findCandidateComponents("io.millrace")) {
            Class<?> type = Class.forName(found.getBeanClassName());
            String prefix = type.getAnnotation(ConfigurationProperties.class).value();
            for (RecordComponent component : type.getRecordComponents()) {
                settings.put(prefix + "." + kebabCase(component.getName()), defaultOf(type, component));
            }
        }
        return settings;
    }

    private static String defaultOf(Class<?> type, RecordComponent component) {
        var parameters = type.getDeclaredConstructors()[0].getParameters();
        return Arrays.stream(parameters)
                .filter(parameter -> parameter.getName().equals(component.getName()))
                .map(parameter -> parameter.getAnnotation(DefaultValue.class))
                .map(value -> value == null ? "unset" : "`" + value.value()[0] + "`")
                .findFirst()
                .orElseThrow();
    }

    private static String kebabCase(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
    }
}
