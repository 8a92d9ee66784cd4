package io.millrace.group.admin;

/**
 * A group in a list.
 *
 * @param members how many it has
 */
public record GroupSummary(String name, GroupDescription.State state, long epoch, int members) {}
