package io.millrace.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** An OpenID Connect provider: its discovery document, its keys, and tokens with any claims. */
final class OidcIssuer implements AutoCloseable {

    static final String AUDIENCE = "millrace";

    private final HttpServer server;
    private final AtomicInteger keyRequests = new AtomicInteger();
    private volatile RSAKey key = newKey("first");
    private volatile boolean away;

    OidcIssuer() {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
        server.createContext("/", exchange -> {
            boolean keys = exchange.getRequestURI().getPath().equals("/keys");
            keyRequests.addAndGet(keys ? 1 : 0);
            byte[] body = (keys
                            ? new JWKSet(key.toPublicJWK()).toString()
                            : "{\"issuer\":\"" + url() + "\",\"jwks_uri\":\"" + url() + "/keys\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(away ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    private static RSAKey newKey(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How often the keys were asked for. */
    int keyRequests() {
        return keyRequests.get();
    }

    void away(boolean gone) {
        away = gone;
    }

    void rotate(String id) {
        key = newKey(id);
    }

    /** A token of alice that is valid for a minute, with changes. */
    String token(UnaryOperator<JWTClaimsSet.Builder> changes) {
        return token(key, changes);
    }

    /** A token signed with a key that the provider does not have. */
    String forged(String keyId) {
        return token(newKey(keyId), claims -> claims);
    }

    private String token(RSAKey signer, UnaryOperator<JWTClaimsSet.Builder> changes) {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(signer.getKeyID())
                        .build(),
                claims(changes));
        try {
            token.sign(new RSASSASigner(signer));
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
        return token.serialize();
    }

    /** A token signed with the provider's public key as if it were a shared secret. */
    String confused() {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build(), claims(claims -> claims));
        try {
            token.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
        return token.serialize();
    }

    private JWTClaimsSet claims(UnaryOperator<JWTClaimsSet.Builder> changes) {
        return changes.apply(new JWTClaimsSet.Builder()
                        .issuer(url())
                        .audience(AUDIENCE)
                        .subject("alice")
                        .claim("groups", List.of("analysts", "staff"))
                        .expirationTime(Date.from(Instant.now().plusSeconds(60))))
                .build();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
