package io.millrace.access;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Verifies the access tokens of an OpenID Connect provider: signature, issuer, audience and times. The provider's keys
 * are fetched when they are first needed, and anew when a token names another, so that they can be rotated; unknown
 * keys make the node ask at most twice in 30 s. If the provider is away, known keys remain in use.
 */
final class OidcTokens implements TokenVerifier {

    private static final int CONNECT_MILLIS = 2_000;
    private static final int READ_MILLIS = 3_000;
    private static final int MOST_BYTES = 256 * 1024;

    /** Clocks of the provider and of this node may differ by this. */
    private static final Duration SKEW = Duration.ofSeconds(30);

    private static final long OUTAGE_MILLIS = Duration.ofHours(4).toMillis();

    /** Signatures by the provider's private key. With a shared secret, whoever verifies could also sign. */
    private static final Set<SignatureAlgorithm> ALGORITHMS = Set.of(SignatureAlgorithm.values());

    private final OidcProperties provider;
    private final URI issuer;
    private final DefaultResourceRetriever web = new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, MOST_BYTES);
    private volatile @Nullable NimbusJwtDecoder decoder;

    OidcTokens(OidcProperties provider, URI issuer) {
        this.provider = provider;
        this.issuer = issuer;
    }

    @Override
    public Verified verify(String token) {
        try {
            return verified(decoder().decode(token));
        } catch (BadJwtException wrong) {
            throw HubAuthentication.refusal("the token is not accepted: " + wrong.getMessage());
        } catch (JwtException | IOException failure) {
            throw new HubException(HubError.IDENTITY_UNAVAILABLE, "the identity provider cannot be asked for its keys")
                    .causedBy(failure);
        }
    }

    private Verified verified(Jwt token) {
        Instant expires = token.getExpiresAt();
        if (expires == null) {
            throw HubAuthentication.refusal("the token does not say when it expires");
        }
        String principal = Principals.USER + claim(token);
        if (!Principals.isUser(principal)) {
            throw HubAuthentication.refusal("the token's " + provider.principalClaim() + " cannot be a user's name");
        }
        return new Verified(principal, groups(token.getClaims().get(provider.groupsClaim())), expires.toEpochMilli());
    }

    private String claim(Jwt token) {
        Object claim = token.getClaims().get(provider.principalClaim());
        if (claim instanceof String name) {
            return name;
        }
        throw HubAuthentication.refusal("the token has no text as its " + provider.principalClaim());
    }

    private static Set<String> groups(@Nullable Object claim) {
        Set<String> groups = new LinkedHashSet<>();
        Collection<?> names = claim instanceof Collection<?> list ? list : claim == null ? Set.of() : Set.of(claim);
        for (Object name : names) {
            String principal = Principals.GROUP + name;
            if (Principals.isValid(principal)) {
                groups.add(principal);
            }
        }
        return groups;
    }

    private NimbusJwtDecoder decoder() throws IOException {
        NimbusJwtDecoder made = decoder;
        if (made == null) {
            made = decoder(keysUrl());
            decoder = made;
        }
        return made;
    }

    private NimbusJwtDecoder decoder(URI keysUrl) throws MalformedURLException {
        JWKSource<SecurityContext> keys = JWKSourceBuilder.<SecurityContext>create(keysUrl.toURL(), web)
                .retrying(true)
                .outageTolerant(OUTAGE_MILLIS)
                .build();
        NimbusJwtDecoder made = NimbusJwtDecoder.withJwkSource(keys)
                .jwsAlgorithms(algorithms -> algorithms.addAll(ALGORITHMS))
                .build();
        made.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                new JwtTimestampValidator(SKEW),
                new JwtIssuerValidator(issuer.toString()),
                new JwtClaimValidator<Collection<String>>(
                        JwtClaimNames.AUD, given -> given != null && given.contains(provider.audience()))));
        return made;
    }

    /** From the discovery document (OpenID Connect Discovery 1.0, 4). */
    private URI keysUrl() throws IOException {
        String base = issuer.toString().replaceFirst("/$", "");
        String text = web.retrieveResource(
                        URI.create(base + "/.well-known/openid-configuration").toURL())
                .getContent();
        try {
            var document = JsonMapper.shared().readTree(text);
            if (!document.path("issuer").asString("").equals(issuer.toString())) {
                throw new IOException("the discovery document is another issuer's");
            }
            return URI.create(document.path("jwks_uri").asString());
        } catch (JacksonException | IllegalArgumentException malformed) {
            throw new IOException("the discovery document is not valid", malformed);
        }
    }
}
