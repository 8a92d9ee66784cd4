package io.millrace.event;

/**
 * One thing that is wrong in a request.
 *
 * @param code what is wrong, in snake_case, for programs
 * @param detail what is wrong, for people
 */
public record Violation(Place place, String code, String detail) {

    /** The same violation at another place. */
    public Violation at(Place other) {
        return new Violation(other, code, detail);
    }
}
