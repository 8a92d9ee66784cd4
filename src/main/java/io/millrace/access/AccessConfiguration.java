package io.millrace.access;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.background.BackgroundLoop;
import io.millrace.background.Pace;
import io.millrace.database.Transactions;
import io.millrace.security.Access;
import io.millrace.security.Authentication;
import io.millrace.security.DecisionListener;
import io.millrace.security.Quotas;
import io.millrace.time.Ticker;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({SecurityProperties.class, OidcProperties.class})
class AccessConfiguration {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** How late the copy may notice that the database is back. */
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(1);

    @Bean
    KeyStore keyStore(JdbcClient jdbc) {
        return new KeyStore(jdbc);
    }

    @Bean
    AclStore aclStore(JdbcClient jdbc) {
        return new AclStore(jdbc);
    }

    @Bean
    QuotaStore quotaStore(JdbcClient jdbc) {
        return new QuotaStore(jdbc);
    }

    @Bean
    KeyAdmin keyAdmin(
            KeyStore store, PlatformTransactionManager transactions, Access access, AccessCatalogue catalogue) {
        return new KeyAdmin(
                store, new Transactions(transactions, TIMEOUT, "the API key"), access, catalogue::refreshQuietly);
    }

    @Bean
    AclAdmin aclAdmin(
            AclStore store, PlatformTransactionManager transactions, Access access, AccessCatalogue catalogue) {
        return new AclAdmin(
                store, new Transactions(transactions, TIMEOUT, "the rule"), access, catalogue::refreshQuietly);
    }

    @Bean
    QuotaAdmin quotaAdmin(
            QuotaStore store, PlatformTransactionManager transactions, Access access, AccessCatalogue catalogue) {
        return new QuotaAdmin(
                store, new Transactions(transactions, TIMEOUT, "the quota"), access, catalogue::refreshQuietly);
    }

    /** Without authentication all callers are the same one. */
    @Bean
    Quotas quotas(SecurityProperties security, AccessCatalogue catalogue, Ticker ticker, MeterRegistry registry) {
        Quotas buckets = new QuotaBuckets(catalogue, ticker, registry);
        return security.required() ? buckets : Quotas.NONE;
    }

    @Bean
    AccessCatalogue accessCatalogue(
            JdbcClient jdbc, AclStore acls, QuotaStore quotas, PlatformTransactionManager transactions, Ticker ticker) {
        return new AccessCatalogue(jdbc, acls, quotas, new Transactions(transactions, TIMEOUT, "nothing"), ticker);
    }

    @Bean
    Tickets tickets(JdbcClient jdbc, PlatformTransactionManager transactions, AccessCatalogue catalogue, Clock clock) {
        return new Tickets(jdbc, new Transactions(transactions, TIMEOUT, "the ticket"), catalogue, clock);
    }

    @Bean
    Authentication authentication(
            SecurityProperties security,
            OidcProperties provider,
            AccessCatalogue catalogue,
            Tickets tickets,
            Clock clock,
            Ticker ticker) {
        return security.required()
                ? new HubAuthentication(catalogue, tickets, tokens(provider, clock, ticker), clock)
                : Authentication.NONE;
    }

    private static @Nullable TokenCallers tokens(OidcProperties provider, Clock clock, Ticker ticker) {
        URI issuer = provider.issuer();
        return issuer == null
                ? null
                : new TokenCallers(new OidcTokens(provider, issuer), provider.maxCached(), clock, ticker);
    }

    @Bean
    @ConditionalOnMissingBean
    Access access(
            SecurityProperties security,
            AccessCatalogue catalogue,
            List<DecisionListener> listeners,
            MeterRegistry registry) {
        Counter denials = Counter.builder("millrace.access.denials")
                .description("Requests and frames whose caller lacked a permission")
                .register(registry);
        return security.required() ? new RowAccess(catalogue, security.superUsers(), listeners, denials) : (_, _) -> {};
    }

    /** Without authentication nobody asks for the copy. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "millrace.security.authentication", havingValue = "required")
    static class Following {

        @Bean
        BackgroundLoop accessCatalogueLoop(AccessCatalogue catalogue, Ticker ticker) {
            return new BackgroundLoop("access-catalogue", Pace.whenWoken(LONGEST_BACK_OFF), ticker, catalogue::refresh);
        }

        @Bean
        AccessChanges accessChanges(
                AccessCatalogue catalogue, BackgroundLoop accessCatalogueLoop, SecurityProperties security) {
            return new AccessChanges(catalogue, accessCatalogueLoop::wake, security.refreshInterval());
        }
    }
}
