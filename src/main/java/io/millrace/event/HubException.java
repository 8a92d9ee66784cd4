package io.millrace.event;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A request that the hub refuses or could not carry out. Packages of all layers throw it and the protocols render it.
 * It has no stack trace of its own, since refusing must be cheap; a failure's is in the {@link #getCause() cause}.
 */
public final class HubException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final String RETRY_AFTER_MS = "retry_after_ms";

    private final HubError error;
    private final transient List<Violation> violations;
    private final transient Map<String, Object> members;

    public HubException(HubError error, String detail) {
        this(error, detail, List.of(), Map.of());
    }

    /**
     * A refusal with one violation.
     *
     * @param code of the violation, in snake_case
     */
    public HubException(HubError error, Place place, String code, String detail) {
        this(error, detail, List.of(new Violation(place, code, detail)), Map.of());
    }

    /**
     * @param detail what happened this time, for people; never holds a stack trace or a secret
     * @param violations what is wrong in the request, in the order of the request
     * @param members further fields of the problem document, such as {@code earliest_offset}; snake_case names, values
     *     that are strings, numbers or booleans
     */
    public HubException(HubError error, String detail, List<Violation> violations, Map<String, Object> members) {
        this(error, detail, violations, members, null);
    }

    private HubException(
            HubError error,
            String detail,
            List<Violation> violations,
            Map<String, Object> members,
            @Nullable Throwable cause) {
        super(detail, cause, false, false);
        this.error = error;
        this.violations = List.copyOf(violations);
        this.members = Map.copyOf(members);
    }

    /**
     * A failure as clients may see it: a refusal as it is, anything else as {@link HubError#INTERNAL}. An exception
     * that a future has wrapped is unwrapped.
     *
     * @param detail the detail of an internal failure
     */
    public static HubException of(Throwable failure, String detail) {
        return switch (failure) {
            case HubException known -> known;
            case CompletionException wrapper when wrapper.getCause() != null -> of(wrapper.getCause(), detail);
            default -> new HubException(HubError.INTERNAL, detail).causedBy(failure);
        };
    }

    /** The same refusal with one more field in its problem document. */
    public HubException with(String member, Object value) {
        var extended = new java.util.LinkedHashMap<String, Object>(members);
        extended.put(member, value);
        return new HubException(error, detail(), violations, extended, getCause());
    }

    /** The same refusal with the time after which the request may succeed, as {@code retry_after_ms}. */
    public HubException retriedAfter(long millis) {
        return with(RETRY_AFTER_MS, millis);
    }

    /** After how many milliseconds the request may succeed; 0 if that is not known. */
    public long retryAfterMillis() {
        return members.get(RETRY_AFTER_MS) instanceof Long millis ? millis : 0;
    }

    /** The same refusal with other violations. */
    public HubException with(List<Violation> places) {
        return new HubException(error, detail(), places, members, getCause());
    }

    /** The same refusal with its cause, which is for the log and not for clients. */
    public HubException causedBy(Throwable cause) {
        return new HubException(error, detail(), violations, members, cause);
    }

    public HubError error() {
        return error;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public List<Violation> violations() {
        return violations;
    }

    public Map<String, Object> members() {
        return members;
    }
}
