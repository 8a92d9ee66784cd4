package io.millrace.topic;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of topics in the order of their names.
 *
 * @param next the name to continue after, or null at the end
 */
public record TopicPage(List<TopicSummary> topics, @Nullable String next) {}
