package io.millrace.database;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Which database the settings ask for: the one in {@code millrace.database.url}, else the one that Spring Boot
 * configures from {@code spring.datasource.url}, else the embedded one. An empty value counts as unset: container
 * platforms pass empty values.
 */
enum DatabaseChoice {
    GIVEN,
    SPRING,
    EMBEDDED;

    static DatabaseChoice of(Environment environment) {
        if (StringUtils.hasText(environment.getProperty("millrace.database.url"))) {
            return GIVEN;
        }
        return StringUtils.hasText(environment.getProperty("spring.datasource.url")) ? SPRING : EMBEDDED;
    }

    static final class Given implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return of(context.getEnvironment()) == GIVEN;
        }
    }

    static final class Spring implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return of(context.getEnvironment()) == SPRING;
        }
    }

    static final class Embedded implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return of(context.getEnvironment()) == EMBEDDED;
        }
    }
}
