package io.millrace.group.admin;

import io.millrace.group.GroupOffset;

/**
 * Where a group stands in a partition, and how far behind its end.
 *
 * @param endOffset of the partition: the offset of its next record
 * @param lag records that the group has not committed; those that retention has removed do not count
 * @param lagMillis how long ago the first of them was produced; 0 if there is none
 */
public record OffsetLag(GroupOffset offset, long endOffset, long lag, long lagMillis) {}
