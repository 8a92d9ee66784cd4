package io.millrace.event;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The fields of a request by name, however its protocol writes them: as fields of a JSON object or as query parameters.
 * So a field's rules are written once for all protocols, and a refusal names the place in the protocol's own way. A
 * field of another type than the called method's is refused with {@link HubError#INVALID_REQUEST}. Used by one thread.
 */
public interface RequestFields {

    /** A text; empty if the field is not given. */
    Optional<String> text(String name);

    /** A text, or a whole number as it is written; empty if the field is not given. */
    Optional<String> textOrNumber(String name);

    /** A whole number within bounds, both included; empty if the field is not given. */
    OptionalLong number(String name, long min, long max);

    /** Distinct texts, at least one and at most {@code most}; empty if the field is not given. */
    List<String> texts(String name, int most);

    /** The refusal of a field. */
    HubException refusal(String name, String code, String detail);

    /** The refusal of the request as a whole. */
    HubException refusal(String code, String detail);

    /**
     * Adds a partition that these fields name, and refuses it if the request has named it before.
     *
     * @param named the partitions that the request has named before
     */
    default <T> T once(T partition, Set<? super T> named) {
        if (!named.add(partition)) {
            throw refusal("duplicate", "the partition is named twice");
        }
        return partition;
    }

    default String requiredText(String name) {
        return text(name).orElseThrow(() -> required(name));
    }

    default long requiredNumber(String name, long min, long max) {
        return number(name, min, max).orElseThrow(() -> required(name));
    }

    /** The refusal of a request without a required field. */
    default HubException required(String name) {
        return refusal(name, "required", name + " is required");
    }
}
