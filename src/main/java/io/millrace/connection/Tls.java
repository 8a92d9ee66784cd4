package io.millrace.connection;

import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.WebServerSslBundle;
import org.springframework.stereotype.Component;

/**
 * Checks the settings of the hub's own TLS, which Spring Boot applies, and tells operators when another certificate has
 * been loaded.
 */
@Component
class Tls implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private static final Logger log = LoggerFactory.getLogger(Tls.class);

    private final SslBundles bundles;

    Tls(SslBundles bundles) {
        this.bundles = bundles;
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        Ssl ssl = factory.getSsl();
        if (ssl == null || !ssl.isEnabled()) {
            return;
        }
        checkClientAuth(ssl);
        if (ssl.getBundle() != null) {
            // Spring Boot does not call it for files that it cannot read: it logs that, and goes on as before.
            bundles.addBundleUpdateHandler(ssl.getBundle(), Tls::replaced);
        }
    }

    /**
     * Without authorities of its own, Java would trust all those that browsers trust, and so the clients of anybody.
     */
    private void checkClientAuth(Ssl ssl) {
        Ssl.ClientAuth auth = ssl.getClientAuth();
        if (auth != null
                && auth != Ssl.ClientAuth.NONE
                && WebServerSslBundle.get(ssl, bundles).getStores().getTrustStore() == null) {
            throw new InvalidConfigurationPropertyValueException(
                    "server.ssl.client-auth",
                    auth,
                    "The hub has to know the authorities that sign its clients' certificates:"
                            + " set spring.ssl.bundle.pem.<bundle>.truststore.certificate");
        }
    }

    private static void replaced(SslBundle bundle) {
        try {
            KeyStore keys = bundle.getStores().getKeyStore();
            if (keys == null) {
                return;
            }
            for (String alias : Collections.list(keys.aliases())) {
                if (keys.getCertificate(alias) instanceof X509Certificate certificate) {
                    log.info(
                            "The certificate has been replaced: {}, valid until {}",
                            certificate.getSubjectX500Principal(),
                            certificate.getNotAfter().toInstant());
                }
            }
        } catch (KeyStoreException failure) {
            log.warn("the certificate has been replaced, but cannot be described", failure);
        }
    }
}
