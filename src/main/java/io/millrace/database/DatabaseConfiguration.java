package io.millrace.database;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.millrace.embeddedpostgres.EmbeddedPostgres;
import io.millrace.embeddedpostgres.EmbeddedPostgresProperties;
import io.millrace.embeddedpostgres.HomeProperties;
import io.millrace.time.Ticker;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Tells Spring Boot where the database is. A bean that opens connections outside the pool takes the
 * {@link JdbcConnectionDetails} too: it then gets the {@link DriverOptions}, and is closed before the embedded server
 * stops.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({HomeProperties.class, DatabaseProperties.class, EmbeddedPostgresProperties.class})
class DatabaseConfiguration {

    @Bean
    RequestPool dataSource(
            JdbcConnectionDetails database,
            DatabaseProperties properties,
            @Value(DatabaseProperties.CONNECTIONS) int size,
            Environment environment,
            Ticker ticker) {
        RequestPool pool = new RequestPool(size, properties.patience(), ticker);
        pool.setJdbcUrl(database.getJdbcUrl());
        pool.setUsername(database.getUsername());
        pool.setPassword(database.getPassword());
        pool.setDriverClassName(database.getDriverClassName());
        pool.setConnectionInitSql(DedicatedConnections.LOCAL_COMMITS);
        Binder.get(environment).bind("spring.datasource.hikari", Bindable.ofInstance(pool));
        return pool;
    }

    @Bean
    MeterBinder connectionsWaitedFor(RequestPool pool) {
        return registry -> Gauge.builder("millrace.database.waiting", pool, RequestPool::waiting)
                .description("Requests waiting in line for a connection to PostgreSQL")
                .register(registry);
    }

    /** Closed before the embedded server stops, since it takes its details. */
    @Bean
    @ConditionalOnProperty("millrace.database.follower-reads")
    FollowerConnections followerConnections(
            JdbcConnectionDetails database, ObjectProvider<EmbeddedPostgres> embedded, DatabaseProperties properties) {
        return new FollowerConnections(
                followers(database, embedded.getIfAvailable(), properties), properties.followerConnections());
    }

    private static Supplier<JdbcConnectionDetails> followers(
            JdbcConnectionDetails database, @Nullable EmbeddedPostgres embedded, DatabaseProperties properties) {
        String url = properties.followerUrl();
        if (url != null) {
            DatabaseUrl given = DatabaseUrl.parse("MILLRACE_DATABASE_FOLLOWER_URL", url, null, null);
            return () -> given.username() == null && given.password() == null
                    ? new DatabaseUrl(given.jdbcUrl(), database.getUsername(), database.getPassword())
                    : given;
        }
        if (embedded == null) {
            return () -> database;
        }
        return () -> new DatabaseUrl(embedded.followersJdbcUrl(), database.getUsername(), database.getPassword());
    }

    @Bean
    @Conditional(DatabaseChoice.Given.class)
    JdbcConnectionDetails givenDatabase(DatabaseProperties properties) {
        return DatabaseUrl.parse(
                Objects.requireNonNull(properties.url()), properties.username(), properties.password());
    }

    @Bean
    @Conditional(DatabaseChoice.Spring.class)
    JdbcConnectionDetails springsDatabase(DataSourceProperties properties) {
        return DatabaseUrl.parse(
                "SPRING_DATASOURCE_URL", properties.determineUrl(), properties.getUsername(), properties.getPassword());
    }

    @Bean
    @Conditional(DatabaseChoice.Embedded.class)
    EmbeddedPostgres embeddedPostgres(HomeProperties home, EmbeddedPostgresProperties properties) {
        return EmbeddedPostgres.start(home.path(), properties);
    }

    @Bean
    @Conditional(DatabaseChoice.Embedded.class)
    JdbcConnectionDetails embeddedDatabase(EmbeddedPostgres server) {
        return new DatabaseUrl(DriverOptions.addTo(server.jdbcUrl()), server.username(), server.password());
    }
}
