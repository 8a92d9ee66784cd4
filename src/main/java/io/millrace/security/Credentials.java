package io.millrace.security;

/** What a request presents to say who makes it. Nothing of it is ever shown: it is a secret. */
public sealed interface Credentials {

    /** Nothing. */
    Credentials NONE = new None();

    /** No credentials at all. */
    record None() implements Credentials {}

    /** A bearer token (RFC 6750): an API key, or an access token of an identity provider. */
    record Token(String text) implements Credentials {

        @Override
        public String toString() {
            return "Token[]";
        }
    }

    /** A ticket, by which a browser opens one stream. */
    record Ticket(String text) implements Credentials {

        @Override
        public String toString() {
            return "Ticket[]";
        }
    }

    /**
     * A client's certificate, which TLS has verified.
     *
     * @param subject its distinguished name (RFC 2253)
     * @param notAfter when it expires, in milliseconds since the epoch
     */
    record Certificate(String subject, long notAfter) implements Credentials {}
}
