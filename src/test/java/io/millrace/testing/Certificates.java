package io.millrace.testing;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Certificates for tests, and clients that use them. */
public final class Certificates {

    private static final char[] NO_PASSWORD = new char[0];

    private Certificates() {}

    public static X509Bundle authority() throws Exception {
        return new CertificateBuilder()
                .subject("CN=authority")
                .ecp256()
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    /** A server's certificate for {@code localhost}, {@code hub.example.org} and 127.0.0.1. */
    public static X509Bundle server(X509Bundle authority) throws Exception {
        return new CertificateBuilder()
                .subject("CN=localhost")
                .ecp256()
                .addSanDnsName("localhost")
                .addSanDnsName("hub.example.org")
                .addSanIpAddress("127.0.0.1")
                .buildIssuedBy(authority);
    }

    /** @param subject such as {@code CN=billing} */
    public static X509Bundle client(X509Bundle authority, String subject) throws Exception {
        return new CertificateBuilder()
                .subject(subject)
                .ecp256()
                .addExtendedKeyUsageClientAuth()
                .buildIssuedBy(authority);
    }

    /** Writes an authority's certificate to a file. */
    public static Path file(Path file, X509Bundle authority) throws IOException {
        return Files.writeString(file, authority.getCertificatePEM());
    }

    /**
     * A client that trusts an authority.
     *
     * @param own the client's own certificate; null for none
     */
    public static SSLContext trusting(X509Bundle authority, @Nullable X509Bundle own) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authority.toKeyStore(NO_PASSWORD));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own == null ? null : keys(own), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyManager[] keys(X509Bundle own) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        store.setKeyEntry("own", own.getKeyPair().getPrivate(), NO_PASSWORD, own.getCertificatePath());
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        return keys.getKeyManagers();
    }
}
