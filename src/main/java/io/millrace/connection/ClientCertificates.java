package io.millrace.connection;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * The certificates by which clients prove who they are (mutual TLS, {@code server.ssl.client-auth}). They belong to the
 * connection, so they are the same for all of its requests, above and below WebFlux.
 */
public final class ClientCertificates {

    private ClientCertificates() {}

    /**
     * The client's own certificate. An authority that the hub trusts has signed it, else there would be no connection:
     * that holds for {@code client-auth=want}, too.
     *
     * @return null for a client without a certificate, and for a connection without TLS
     */
    public static @Nullable X509Certificate of(Channel connection) {
        SslHandler tls = connection.pipeline().get(SslHandler.class);
        if (tls == null) {
            return null;
        }
        try {
            // The first is the client's own, those of authorities follow.
            return tls.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate own ? own : null;
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }
}
