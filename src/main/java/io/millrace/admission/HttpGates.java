package io.millrace.admission;

import io.millrace.time.Ticker;
import io.netty.channel.ChannelOption;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import reactor.netty.NettyPipeline;

/** Adds an {@link HttpGate} to each connection, behind the codec and the handlers of its framing. */
@Order(Ordered.HIGHEST_PRECEDENCE) // later customizers add their handlers nearer to the codec
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HttpProperties.class)
class HttpGates implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private final AdmissionRules rules;

    /** No page of another site has anything to do on the port of the actuator. */
    private final AdmissionRules management;

    HttpGates(HttpProperties properties, ServerProperties server, Ticker ticker) {
        HubHosts hosts = new HubHosts(properties.hosts(), new ListeningAddresses(server.getAddress(), ticker));
        this.rules = new AdmissionRules(hosts, new AllowedOrigins(properties.allowedOrigins()));
        this.management = new AdmissionRules(hosts, new AllowedOrigins(List.of()));
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        customize(factory, rules);
    }

    /** The same for the server of the actuator. */
    void customizeManagement(NettyReactiveWebServerFactory factory) {
        customize(factory, management);
    }

    private static void customize(NettyReactiveWebServerFactory factory, AdmissionRules rules) {
        factory.addServerCustomizers(server -> server.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .doOnChannelInit((_, channel, _) -> {
                    if (channel.pipeline().get(NettyPipeline.HttpCodec) != null) {
                        channel.pipeline().addAfter(NettyPipeline.HttpCodec, "millrace.gate", new HttpGate(rules));
                    }
                }));
    }
}
