package io.millrace.access;

import io.millrace.access.AccessState.StoredKey;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.security.Authentication;
import io.millrace.security.Caller;
import io.millrace.security.Credentials;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Recognises callers by API keys, tickets, clients' certificates, and tokens of an identity provider. */
final class HubAuthentication implements Authentication {

    private final AccessCatalogue catalogue;
    private final Tickets tickets;
    private final @Nullable TokenCallers tokens;
    private final Clock clock;

    /** @param tokens null if there is no identity provider */
    HubAuthentication(AccessCatalogue catalogue, Tickets tickets, @Nullable TokenCallers tokens, Clock clock) {
        this.catalogue = catalogue;
        this.tickets = tickets;
        this.tokens = tokens;
        this.clock = clock;
    }

    @Override
    public @Nullable Caller known(Credentials credentials) {
        return switch (credentials) {
            case Credentials.None _ -> throw refusal("the request has no credentials");
            case Credentials.Token token when KeyFormat.isKey(token.text()) -> byKey(token.text(), catalogue.known());
            case Credentials.Token token -> tokens().known(token.text());
            case Credentials.Ticket _ -> null;
            case Credentials.Certificate certificate -> byCertificate(certificate);
        };
    }

    @Override
    public Caller require(Credentials credentials) {
        Caller known = known(credentials);
        if (known != null) {
            return known;
        }
        return switch (credentials) {
            case Credentials.Token token
            when KeyFormat.isKey(token.text()) -> {
                Caller caller = byKey(token.text(), catalogue.newest());
                if (caller == null) {
                    throw wrongKey();
                }
                yield caller;
            }
            case Credentials.Token token -> tokens().require(token.text());
            case Credentials.Ticket ticket -> tickets.use(ticket.text());
            default -> throw refusal("the credentials are not accepted");
        };
    }

    /** @return null if no such key is known */
    private @Nullable Caller byKey(String key, @Nullable AccessState state) {
        String id = KeyFormat.idOf(key);
        if (id == null) {
            throw wrongKey();
        }
        StoredKey stored = state == null ? null : state.keys().get(id);
        if (stored == null) {
            return null;
        }
        if (!MessageDigest.isEqual(stored.hash(), KeyFormat.hash(key)) || stored.expiresAt() <= clock.millis()) {
            throw wrongKey();
        }
        return new Caller(stored.principal(), Set.of(), new OfKey(id, catalogue, clock));
    }

    private Caller byCertificate(Credentials.Certificate certificate) {
        String principal = Principals.USER + certificate.subject();
        if (!Principals.isUser(principal)) {
            throw refusal("the certificate's subject is empty, or has more than 200 characters");
        }
        Caller caller = new Caller(principal, Set.of(), new Expiring(certificate.notAfter(), clock));
        if (!caller.isKnown()) {
            throw refusal("the certificate has expired");
        }
        return caller;
    }

    private TokenCallers tokens() {
        if (tokens == null) {
            throw refusal("the token is not an API key, and this hub has no identity provider");
        }
        return tokens;
    }

    /** The same for each way in which a key can be wrong, so that nobody learns which ids there are. */
    private static HubException wrongKey() {
        return refusal("the API key does not exist, has expired or was revoked");
    }

    static HubException refusal(String detail) {
        return new HubException(HubError.UNAUTHENTICATED, detail);
    }
}
