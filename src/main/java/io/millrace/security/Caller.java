package io.millrace.security;

/**
 * Who makes a request.
 *
 * @param name of the principal, as audit lines and access rules know it
 */
public record Caller(String name) {

    /** The caller of every request, as nobody is asked for credentials. */
    public static final Caller ANYONE = new Caller("anyone");
}
