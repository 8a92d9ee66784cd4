package io.millrace.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Gives migrations a longer socket timeout than requests: a statement on a large table may take minutes. */
@Configuration(proxyBeanMethods = false)
class MigrationConfiguration {

    private static final Duration LONGEST_STATEMENT = Duration.ofMinutes(30);

    @Bean
    Migrations migrations() {
        return new Migrations();
    }

    @Bean
    FlywayConfigurationCustomizer patientMigrations() {
        return configuration -> {
            DataSource requests = Objects.requireNonNull(configuration.getDataSource(), "the pool is configured");
            configuration.dataSource(new Patient(requests));
        };
    }

    /** The pool restores the driver's own timeout when the connection is returned. */
    private static final class Patient extends DelegatingDataSource {

        Patient(DataSource requests) {
            super(requests);
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(LONGEST_STATEMENT.toMillis()));
            return connection;
        }
    }
}
