package io.millrace.group.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some groups in the order of their names.
 *
 * @param next where the next page goes on; null if there is none
 */
public record GroupPage(List<GroupSummary> groups, @Nullable String next) {}
