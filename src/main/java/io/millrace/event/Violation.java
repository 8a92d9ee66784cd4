package io.millrace.event;

/**
 * One wrong place in a request.
 *
 * @param pointer where: a JSON pointer in URI fragment form (RFC 6901, section 6), such as {@code #/records/3/value};
 *     for a parameter or header its name, such as {@code ?limit} or {@code Producer-Id}
 * @param code what is wrong, for programs
 * @param detail what is wrong, for people
 */
public record Violation(String pointer, String code, String detail) {}
