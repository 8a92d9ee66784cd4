package io.millrace.edge;

import io.millrace.event.HubError;

/** The HTTP status of every error of the catalogue. */
public final class HttpStatuses {

    private HttpStatuses() {}

    public static int of(HubError error) {
        return switch (error) {
            case INVALID_REQUEST,
                    MALFORMED_JSON,
                    INVALID_RECORD,
                    INVALID_TOPIC_NAME,
                    INVALID_CONFIG,
                    INVALID_PARTITIONS -> 400;
            case UNAUTHENTICATED -> 401;
            case FOREIGN_ORIGIN, FORBIDDEN -> 403;
            case NOT_FOUND,
                    UNKNOWN_TOPIC,
                    UNKNOWN_PARTITION,
                    UNKNOWN_GROUP,
                    UNKNOWN_ERASURE,
                    UNKNOWN_KEY,
                    UNKNOWN_ACL,
                    UNKNOWN_QUOTA,
                    UNKNOWN_SUBSCRIPTION -> 404;
            case METHOD_NOT_ALLOWED -> 405;
            case NOT_ACCEPTABLE -> 406;
            case REQUEST_TIMEOUT -> 408;
            case TOPIC_EXISTS,
                    SUBSCRIPTION_EXISTS,
                    POLICY_VIOLATION,
                    GROUP_NOT_EMPTY,
                    INCONSISTENT_ASSIGNOR,
                    STALE_MEMBER_EPOCH,
                    MEMBER_FENCED -> 409;
            case OFFSET_EXPIRED, CURSOR_EXPIRED -> 410;
            case PRECONDITION_FAILED -> 412;
            case RECORD_TOO_LARGE, REQUEST_TOO_LARGE -> 413;
            case UNSUPPORTED_MEDIA_TYPE, UNSUPPORTED_CONTENT_ENCODING -> 415;
            case OFFSET_BEYOND_END -> 416;
            case UNKNOWN_HOST -> 421;
            case UPGRADE_REQUIRED -> 426;
            case TOO_SLOW, QUOTA_EXCEEDED -> 429;
            case INTERNAL -> 500;
            case UNSUPPORTED_FEATURE -> 501;
            case NOT_ENOUGH_REPLICAS, OVERLOADED, STORAGE_UNAVAILABLE, IDENTITY_UNAVAILABLE, DRAINING -> 503;
            case OUTCOME_UNKNOWN -> 504;
            case UNSUPPORTED_HTTP_VERSION -> 505;
        };
    }
}
