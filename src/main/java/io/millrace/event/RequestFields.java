package io.millrace.event;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The fields of a request by their names, however its protocol writes them: as members of a JSON object, or as
 * parameters of a query. So what a field may hold is said once for all protocols, and a refusal names the place as that
 * protocol's clients know it. A field that is not of the type that is asked for is refused with
 * {@link HubError#INVALID_REQUEST}. Used by one thread.
 */
public interface RequestFields {

    /** A text; empty if the field is not given. */
    Optional<String> text(String name);

    /** A text, or a whole number as it is written; empty if the field is not given. */
    Optional<String> textOrNumber(String name);

    /** A whole number within bounds, both included; empty if the field is not given. */
    OptionalLong number(String name, long min, long max);

    /** Texts, at least one and none twice; empty if the field is not given. */
    List<String> texts(String name, int most);

    /** The refusal of a field. */
    HubException refusal(String name, String code, String detail);

    /** The refusal of all fields together. */
    HubException refusal(String code, String detail);

    /**
     * Notes a partition that these fields name.
     *
     * @param named those that the request has named before; one that is there already is refused
     */
    default <T> T once(T partition, Set<? super T> named) {
        if (!named.add(partition)) {
            throw refusal("duplicate", "the partition is there already");
        }
        return partition;
    }

    default String requiredText(String name) {
        return text(name).orElseThrow(() -> required(name));
    }

    default long requiredNumber(String name, long min, long max) {
        return number(name, min, max).orElseThrow(() -> required(name));
    }

    /** The refusal of a request that does not give a field. */
    default HubException required(String name) {
        return refusal(name, "required", name + " is required");
    }
}
