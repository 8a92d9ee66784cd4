/**
 * Consumer groups: who is a member, which partitions are whose, and how far the group has come. All of it is rows, so
 * any node answers any call, and a node that dies takes nothing with it. {@code docs/decisions/0008-groups.md} tells
 * how partitions change hands.
 */
@ApplicationModule(
        displayName = "group",
        allowedDependencies = {
            "assignor",
            "background",
            "cluster",
            "database",
            "event",
            "eventlog",
            "logging",
            "security",
            "time",
            "topic"
        })
@NullMarked
package io.millrace.group;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
