package io.millrace.access;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The identity provider whose access tokens (JWT, RFC 9068) the hub accepts.
 *
 * @param issuer its URL, which tokens have as {@code iss}; its discovery document is below it
 * @param audience what tokens must have in {@code aud}: without that check, a token that was made for any other service
 *     would open the hub
 * @param principalClaim the claim that is the user's name
 * @param groupsClaim the claim that lists the user's groups; a text or a list of texts
 * @param maxCached how many tokens a node remembers, so that each is verified once
 */
@ConfigurationProperties("millrace.security.oidc")
public record OidcProperties(
        @Nullable URI issuer,
        @Nullable String audience,
        @DefaultValue("sub") String principalClaim,
        @DefaultValue("groups") String groupsClaim,
        @DefaultValue("10000") int maxCached) {

    public OidcProperties {
        if (issuer != null && (audience == null || audience.isBlank())) {
            throw new IllegalArgumentException("millrace.security.oidc.audience is needed with"
                    + " millrace.security.oidc.issuer: without it, tokens for other services would be accepted");
        }
        if (issuer != null && !"https".equals(issuer.getScheme()) && !isLoopback(issuer)) {
            throw new IllegalArgumentException("millrace.security.oidc.issuer must be an https URL, not " + issuer
                    + ": whoever can change the answers in between could be anybody");
        }
    }

    private static boolean isLoopback(URI issuer) {
        String host = String.valueOf(issuer.getHost());
        return "http".equals(issuer.getScheme())
                && (host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]"));
    }
}
