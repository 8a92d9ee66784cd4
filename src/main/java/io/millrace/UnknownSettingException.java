package io.millrace;

import java.util.List;
import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Settings that the hub does not have were given. */
final class UnknownSettingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * One of them.
     *
     * @param place where it was set
     * @param nearest the known setting with the most similar name
     */
    record Setting(String name, String place, String nearest) {}

    private final transient List<Setting> settings;

    UnknownSettingException(List<Setting> settings) {
        super(lines(settings));
        this.settings = List.copyOf(settings);
    }

    List<Setting> settings() {
        return settings;
    }

    private static String lines(List<Setting> settings) {
        return settings.stream()
                .map(setting -> "There is no setting %s (%s). Did you mean %s?"
                        .formatted(setting.name(), setting.place(), setting.nearest()))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    /** Shows the lines instead of Spring Boot's stack trace. */
    static final class Analyzer extends AbstractFailureAnalyzer<UnknownSettingException> {

        @Override
        protected FailureAnalysis analyze(Throwable rootFailure, UnknownSettingException cause) {
            return new FailureAnalysis(
                    String.valueOf(cause.getMessage()),
                    "Correct or remove it. docs/configuration.md lists all settings",
                    cause);
        }
    }
}
