/**
 * The REST resources under {@code /v1}: topics, producing, reading with and without a group, groups, the cluster,
 * limits, keys and rules of access. A controller turns a request into a call of a package below, and the outcome into
 * an answer.
 */
@ApplicationModule(
        displayName = "rest",
        allowedDependencies = {
            "access",
            "apidocs",
            "assignor",
            "budget",
            "cluster",
            "codec",
            "connection",
            "consume",
            "edge",
            "erasure",
            "event",
            "eventlog",
            "fetch",
            "group",
            "group :: admin",
            "http",
            "json",
            "produce",
            "replication",
            "retention",
            "security",
            "segment",
            "time",
            "topic"
        })
@NullMarked
package io.millrace.rest;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
