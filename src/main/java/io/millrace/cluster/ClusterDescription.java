package io.millrace.cluster;

import java.util.List;

/**
 * The nodes that live, in the order in which they started.
 *
 * @param name of the node that was asked; not among the nodes while it has no lease
 */
public record ClusterDescription(String name, List<NodeRow> nodes) {}
