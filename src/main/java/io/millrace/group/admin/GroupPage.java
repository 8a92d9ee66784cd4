package io.millrace.group.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of groups, in the order of their names.
 *
 * @param next where the next page goes on; null on the last page
 */
public record GroupPage(List<GroupSummary> groups, @Nullable String next) {}
