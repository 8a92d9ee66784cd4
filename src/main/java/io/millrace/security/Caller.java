package io.millrace.security;

/**
 * The principal that makes a request.
 *
 * @param name the principal's name, as audit lines and access rules know it
 */
public record Caller(String name) {

    /** The caller of all requests, as there is no authentication yet. */
    public static final Caller ANYONE = new Caller("anyone");
}
