package io.millrace.http;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.budget.ClientMemory;
import io.millrace.connection.ConnectionProperties;
import io.millrace.edge.LimitsProperties;
import io.millrace.time.Ticker;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.accept.RequestedContentTypeResolverBuilder;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ConnectionProperties.class, LimitsProperties.class})
class HttpConfiguration implements WebFluxConfigurer {

    @Override
    public void configureContentTypeResolver(RequestedContentTypeResolverBuilder builder) {
        builder.resolver(new AcceptResolver());
    }

    @Override
    public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
        configurer.addCustomResolver(new CallerResolver());
    }

    @Bean
    ClientMemory clientMemory(LimitsProperties limits, MeterRegistry registry, Ticker ticker) {
        ClientMemory memory = new ClientMemory(limits.clientMemoryBytes(), ticker);
        Gauge.builder("millrace.client.memory.bytes", memory, ClientMemory::held)
                .description("Bytes that clients make this node hold")
                .baseUnit("bytes")
                .strongReference(true)
                .register(registry);
        FunctionCounter.builder("millrace.client.memory.refusals", memory, ClientMemory::refusals)
                .description("How often the budget did not have the memory asked for")
                .register(registry);
        return memory;
    }
}
