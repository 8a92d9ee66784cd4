package io.millrace.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.millrace.embeddedpostgres.EmbeddedPostgres;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import io.millrace.time.Ticker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;

@ExtendWith(OutputCaptureExtension.class)
class DatabaseConfigurationIT {

    private final Path home;

    DatabaseConfigurationIT(@TempDir Path home) {
        this.home = home;
    }

    @Test
    void withoutADatabaseTheHubStartsItsOwnAndClosesThePoolBeforeIt(CapturedOutput output) {
        Closed closed = new Closed();
        environment(Map.of("MILLRACE_HOME", home.toString()))
                .withBean(Closed.class, () -> closed)
                .run(context -> {
                    assertThat(context).hasSingleBean(EmbeddedPostgres.class);
                    assertThat(new JdbcTemplate(context.getBean(HikariDataSource.class))
                                    .queryForObject("show data_directory", String.class))
                            .isEqualTo(home.resolve("pgdata").toString());
                });

        assertThat(closed.beans).containsSubsequence(RequestPool.class, EmbeddedPostgres.class);
        assertThat(output)
                .contains(
                        "PostgreSQL 18.6 is ready on 127.0.0.1:",
                        "data in " + home.resolve("pgdata"),
                        "PostgreSQL has stopped");
    }

    /** The classes of the beans that were closed, in their order. */
    private static final class Closed implements DestructionAwareBeanPostProcessor {

        private final List<Class<?>> beans = new ArrayList<>();

        @Override
        public void postProcessBeforeDestruction(Object bean, String name) {
            beans.add(bean.getClass());
        }
    }

    @Test
    void aGivenDatabaseIsUsedAndNothingEmbeddedStarts() {
        TestDatabase database = TestPostgres.newDatabase();
        String url = "postgresql://%s:%s@127.0.0.1:%d/%s"
                .formatted(
                        database.username(),
                        database.password(),
                        TestPostgres.server().port(),
                        database.jdbcUrl().replaceAll(".*/|\\?.*", ""));

        environment(Map.of("MILLRACE_DATABASE_URL", url, "MILLRACE_HOME", home.toString()))
                .run(context -> {
                    assertThat(context).doesNotHaveBean(EmbeddedPostgres.class);
                    assertThat(new JdbcTemplate(context.getBean(HikariDataSource.class))
                                    .queryForObject("show application_name", String.class))
                            .isEqualTo("millrace");
                    assertThat(home).isEmptyDirectory();
                });
    }

    @Test
    void springsOwnSettingsApplyWithTheHubsDriverOptions() {
        TestDatabase database = TestPostgres.newDatabase();

        environment(Map.of("MILLRACE_DATABASE_URL", "", "MILLRACE_HOME", home.toString()))
                .withPropertyValues(
                        "spring.datasource.url=" + database.jdbcUrl(),
                        "spring.datasource.username=" + database.username(),
                        "spring.datasource.password=" + database.password())
                .run(context -> {
                    assertThat(context).doesNotHaveBean(EmbeddedPostgres.class);
                    assertThat(new JdbcTemplate(context.getBean(HikariDataSource.class))
                                    .queryForObject("show application_name", String.class))
                            .isEqualTo("millrace");
                });
    }

    private static ApplicationContextRunner environment(Map<String, Object> variables) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
                .withUserConfiguration(DatabaseConfiguration.class)
                .withBean(Ticker.class, () -> Ticker.SYSTEM)
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", variables)));
    }
}
