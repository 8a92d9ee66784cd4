package io.millrace.event;

import java.util.Locale;

/**
 * The error catalogue: all reasons for which the hub refuses or fails a request. The HTTP status of each, which frames
 * and events carry too, comes from one {@code switch} without {@code default}, so a new constant does not compile until
 * it has one.
 *
 * <p>{@code retryable} says that the same request may succeed later, unchanged. {@code kafkaError} is the nearest error
 * of Kafka's protocol.
 */
public enum HubError {
    INVALID_REQUEST("The request is not valid", false, "INVALID_REQUEST"),
    MALFORMED_JSON("The body is not well-formed JSON", false, "INVALID_RECORD"),
    INVALID_RECORD("A record is not valid", false, "INVALID_RECORD"),
    INVALID_TOPIC_NAME("The topic name is not valid", false, "INVALID_TOPIC_EXCEPTION"),
    INVALID_CONFIG("The topic configuration is not valid", false, "INVALID_CONFIG"),
    INVALID_PARTITIONS("The number of partitions is not valid", false, "INVALID_PARTITIONS"),
    UNSUPPORTED_FEATURE("This version does not support that", false, "UNSUPPORTED_VERSION"),
    UNSUPPORTED_MEDIA_TYPE("The content type is not supported", false, "INVALID_REQUEST"),
    UNSUPPORTED_CONTENT_ENCODING("The content encoding is not supported", false, "UNSUPPORTED_COMPRESSION_TYPE"),
    NOT_ACCEPTABLE("None of the accepted content types can be produced", false, "INVALID_REQUEST"),
    UPGRADE_REQUIRED("The WebSocket version is not supported", false, "UNSUPPORTED_VERSION"),
    UNSUPPORTED_HTTP_VERSION("The HTTP version is not supported", false, "UNSUPPORTED_VERSION"),
    UNKNOWN_HOST("The hub does not go by that name", false, "INVALID_REQUEST"),
    FOREIGN_ORIGIN("Pages of that site may not use the hub", false, "CLUSTER_AUTHORIZATION_FAILED"),
    UNAUTHENTICATED("The caller is not known", false, "SASL_AUTHENTICATION_FAILED"),
    FORBIDDEN("The caller may not do that", false, "CLUSTER_AUTHORIZATION_FAILED"),
    NOT_FOUND("There is nothing at this path", false, "INVALID_REQUEST"),
    METHOD_NOT_ALLOWED("The method is not allowed here", false, "INVALID_REQUEST"),
    UNKNOWN_TOPIC("The topic does not exist", false, "UNKNOWN_TOPIC_OR_PARTITION"),
    UNKNOWN_PARTITION("The partition does not exist", false, "UNKNOWN_TOPIC_OR_PARTITION"),
    TOPIC_EXISTS("The topic already exists", false, "TOPIC_ALREADY_EXISTS"),
    POLICY_VIOLATION("The topic's cleanup policy does not allow it", false, "POLICY_VIOLATION"),
    PRECONDITION_FAILED("The precondition does not hold", false, "INVALID_REQUEST"),
    RECORD_TOO_LARGE("A record is larger than its topic allows", false, "MESSAGE_TOO_LARGE"),
    REQUEST_TOO_LARGE("The request is too large", false, "MESSAGE_TOO_LARGE"),
    REQUEST_TIMEOUT("The request did not arrive in time", true, "REQUEST_TIMED_OUT"),
    OFFSET_EXPIRED("The offset lies before the start of the partition", false, "OFFSET_OUT_OF_RANGE"),
    OFFSET_BEYOND_END("The offset lies beyond the end of the partition", false, "OFFSET_OUT_OF_RANGE"),
    CURSOR_EXPIRED("The cursor cannot be resumed without a gap", false, "OFFSET_OUT_OF_RANGE"),
    UNKNOWN_GROUP("The consumer group does not exist", false, "GROUP_ID_NOT_FOUND"),
    GROUP_NOT_EMPTY("The consumer group has members", false, "NON_EMPTY_GROUP"),
    INCONSISTENT_ASSIGNOR("The group's members use another assignor", false, "INCONSISTENT_GROUP_PROTOCOL"),
    STALE_MEMBER_EPOCH("The member does not know its newest assignment", true, "STALE_MEMBER_EPOCH"),
    MEMBER_FENCED("The member no longer belongs to the group", false, "FENCED_MEMBER_EPOCH"),
    UNKNOWN_ERASURE("The topic has no such erasure", false, "INVALID_REQUEST"),
    UNKNOWN_KEY("There is no API key with this id", false, "INVALID_REQUEST"),
    UNKNOWN_ACL("There is no access rule with this id", false, "INVALID_REQUEST"),
    UNKNOWN_QUOTA("The principal has no quota of its own", false, "INVALID_REQUEST"),
    UNKNOWN_SUBSCRIPTION("There is no subscription with this id", false, "INVALID_REQUEST"),
    SUBSCRIPTION_EXISTS("A subscription with this id already exists", false, "INVALID_REQUEST"),
    NOT_ENOUGH_REPLICAS("Too few synchronous replicas are connected", true, "NOT_ENOUGH_REPLICAS"),
    TOO_SLOW("The client reads too slowly or sends too fast", true, "THROTTLING_QUOTA_EXCEEDED"),
    QUOTA_EXCEEDED("The caller has used up a quota", true, "THROTTLING_QUOTA_EXCEEDED"),
    OVERLOADED("The hub is overloaded", true, "THROTTLING_QUOTA_EXCEEDED"),
    STORAGE_UNAVAILABLE("The storage is not available; nothing was stored", true, "LEADER_NOT_AVAILABLE"),
    IDENTITY_UNAVAILABLE("The identity provider does not answer", true, "COORDINATOR_NOT_AVAILABLE"),
    OUTCOME_UNKNOWN("The storage did not answer; the records may or may not be stored", true, "REQUEST_TIMED_OUT"),
    DRAINING("This node is shutting down", true, "COORDINATOR_NOT_AVAILABLE"),
    INTERNAL("The hub failed", false, "UNKNOWN_SERVER_ERROR");

    private final String title;
    private final boolean retryable;
    private final String kafkaError;

    HubError(String title, boolean retryable, String kafkaError) {
        this.title = title;
        this.retryable = retryable;
        this.kafkaError = kafkaError;
    }

    /** The code that clients switch on, such as {@code unknown_topic}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** One sentence, the same for every occurrence. */
    public String title() {
        return title;
    }

    /** Whether the same request may succeed later, unchanged. */
    public boolean retryable() {
        return retryable;
    }

    /** Whether the storage is away or busy: a state that the request did not cause and that ends by itself. */
    public boolean passes() {
        return this == STORAGE_UNAVAILABLE || this == OVERLOADED;
    }

    /** The nearest error's name in Kafka's protocol. */
    public String kafkaError() {
        return kafkaError;
    }
}
